# %% replaces="step1" hint="each column needs a mean of its own"
def standardise(x):
    """One mean for the whole table."""
    return (x - np.nanmean(x)) / np.nanstd(x)


# %% replaces="step1" hint="there are more or fewer gaps than before"
def standardise(x):
    """A single gap makes the mean of its column a gap."""
    return (x - x.mean(axis=0)) / np.where(x.std(axis=0) == 0, 1, x.std(axis=0))


# %% replaces="step1" hint="the array handed in was changed"
def standardise(x):
    """Works in place."""
    x -= np.nanmean(x, axis=0)
    x /= np.nanstd(x, axis=0)
    return x


# %% replaces="step2" hint="somebody got lost in a join"
def join_tables(passengers, tickets, family_info):
    """An inner join loses the passengers whose ticket is missing."""
    joined = passengers.merge(tickets, on="Ticket").merge(family_info, on="PassengerId")
    joined["FamilySize"] = joined["SibSp"] + joined["Parch"] + 1
    joined["FarePerPerson"] = joined["Fare"] / joined.groupby("Ticket")["PassengerId"].transform("size")
    return joined


# %% replaces="step2" hint="count the people on the ticket, not the family"
def join_tables(passengers, tickets, family_info):
    """Divides the fare by the family, though friends and maids travelled on the same ticket."""
    joined = passengers.merge(tickets, on="Ticket", how="left").merge(family_info, on="PassengerId", how="left")
    joined["FamilySize"] = joined["SibSp"] + joined["Parch"] + 1
    joined["FarePerPerson"] = joined["Fare"] / joined["FamilySize"]
    return joined


# %% replaces="step3" hint="those with gaps were lost"
def my_question(titanic):
    """Groups by age, and loses the people of unknown age."""
    bands = pd.cut(titanic["Age"], [0, 16, 40, 99], labels=["young", "middle", "old"])
    answer = titanic.groupby(bands, observed=True)["Survived"].agg(["size", "mean"]).reset_index()
    return answer.set_axis(["group", "count", "rate"], axis=1)


# %% replaces="step3" hint="a rate is a share from 0 to 1"
def my_question(titanic):
    """Gives percentages."""
    port = titanic["Embarked"].fillna("unknown")
    answer = titanic.groupby(port)["Survived"].agg(["size", "mean"]).reset_index()
    answer["mean"] *= 100
    return answer.set_axis(["group", "count", "rate"], axis=1)


# %% replaces="step3" hint="lesson 02 has grouped by Sex"
def my_question(titanic):
    """Asks what the lesson has answered."""
    answer = titanic.groupby("Sex")["Survived"].agg(["size", "mean"]).reset_index()
    return answer.set_axis(["group", "count", "rate"], axis=1)
