# %% replaces="join" hint="inner, the default"
def with_tickets(passengers, tickets):
    return passengers.merge(tickets, on="Ticket", validate="many_to_one", indicator="found")


# %% replaces="join" hint="not everything from both sides"
def with_tickets(passengers, tickets):
    return passengers.merge(tickets, on="Ticket", how="outer", validate="many_to_one", indicator="found")


# %% replaces="join" hint="passengers would quietly multiply"
def with_tickets(passengers, tickets):
    return passengers.merge(tickets, on="Ticket", how="left", indicator="found")


# %% replaces="fill" hint="group first"
def fill_from_group(values, groups):
    return values.fillna(values.median())


# %% replaces="fill" hint="that is what transform is for"
def fill_from_group(values, groups):
    return values.fillna(values.groupby(groups).median())


# %% replaces="fill" hint="take the median"
def fill_from_group(values, groups):
    return values.fillna(values.groupby(groups).transform("mean"))


# %% replaces="fill" hint="a known age must stay"
def fill_from_group(values, groups):
    return values.groupby(groups).transform("median")


# %% replaces="fill" hint="one value a row"
def fill_from_group(values, groups):
    return values.groupby(groups).median()


# %% replaces="survival" hint="no sum, and no other column"
def survival(table, columns):
    return table.groupby(columns)["Survived"].agg(["sum", "size"]).rename(columns={"sum": "mean"})


# %% replaces="survival" hint="no sum, and no other column"
def survival(table, columns):
    return table.groupby(columns)["Age"].agg(["mean", "size"])


# %% replaces="survival" hint="by which column do you group"
def survival(table, columns):
    return table.groupby("Survived")["Age"].agg(["mean", "size"])


# %% replaces="survival" hint="which share of each group survived"
def survival(table, columns):
    shares = table[table["Survived"] == 1].groupby(columns).size() / table["Survived"].sum()
    return pd.DataFrame({"mean": shares, "size": table.groupby(columns).size()})


# %% replaces="survival" hint="agg computes several at once"
def survival(table, columns):
    return table.groupby(columns)["Survived"].mean()


# %% replaces="kind" hint="age decides before sex"
def kind(table):
    child = np.where(table["Age"] < 16, "child", "man")
    return np.where(table["Sex"] == "female", "woman", child)


# %% replaces="kind" hint="leaves 16 out"
def kind(table):
    adult = np.where(table["Sex"] == "female", "woman", "man")
    return np.where(table["Age"] <= 16, "child", adult)


# %% replaces="kind" hint="have changed places"
def kind(table):
    adult = np.where(table["Sex"] == "female", "man", "woman")
    return np.where(table["Age"] < 16, "child", adult)
