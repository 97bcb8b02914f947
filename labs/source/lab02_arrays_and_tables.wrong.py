# %% replaces="step1" hint="each column needs a mean of its own" means_zh="整張表共用一個平均，沒有一欄一個" means_en="One mean for the whole table, not one for each column" repeat="01:7"
def standardise(x):
    """One mean for the whole table."""
    return (x - np.nanmean(x)) / np.nanstd(x)


# %% replaces="step1" hint="there are more or fewer gaps than before" means_zh="一個缺值就讓整欄的平均變成缺值" means_en="Lets one gap make the mean of its whole column a gap" repeat="02:13"
def standardise(x):
    """A single gap makes the mean of its column a gap."""
    return (x - x.mean(axis=0)) / np.where(x.std(axis=0) == 0, 1, x.std(axis=0))


# %% replaces="step1" hint="the array handed in was changed" means_zh="直接改了交進來的陣列（檢視，不是副本）" means_en="Changes the array handed in: a view, not a copy" repeat="01:8"
def standardise(x):
    """Works in place."""
    x -= np.nanmean(x, axis=0)
    x /= np.nanstd(x, axis=0)
    return x


# %% replaces="step2" hint="somebody got lost in a join" means_zh="內部合併丟掉了對不到的列" means_en="Loses rows without a partner in an inner join" repeat="02:12"
def join_tables(passengers, tickets, family_info):
    """An inner join loses the passengers whose ticket is missing."""
    joined = passengers.merge(tickets, on="Ticket").merge(family_info, on="PassengerId")
    joined["FamilySize"] = joined["SibSp"] + joined["Parch"] + 1
    joined["FarePerPerson"] = joined["Fare"] / joined.groupby("Ticket")["PassengerId"].transform("size")
    return joined


# %% replaces="step2" hint="count the people on the ticket, not the family" means_zh="用家人數分票價，不是用同一張票的人數" means_en="Divides the fare by the family, not by the people on the ticket" repeat="02:14"
def join_tables(passengers, tickets, family_info):
    """Divides the fare by the family, though friends and maids travelled on the same ticket."""
    joined = passengers.merge(tickets, on="Ticket", how="left").merge(family_info, on="PassengerId", how="left")
    joined["FamilySize"] = joined["SibSp"] + joined["Parch"] + 1
    joined["FarePerPerson"] = joined["Fare"] / joined["FamilySize"]
    return joined


# %% replaces="step3" hint="those with gaps were lost" means_zh="分組時丟掉了有缺值的人" means_en="Loses those with gaps when grouping" repeat="02:14"
def my_question(titanic):
    """Groups by age, and loses the people of unknown age."""
    bands = pd.cut(titanic["Age"], [0, 16, 40, 99], labels=["young", "middle", "old"])
    answer = titanic.groupby(bands, observed=True)["Survived"].agg(["size", "mean"]).reset_index()
    return answer.set_axis(["group", "count", "rate"], axis=1)


# %% replaces="step3" hint="a rate is a share from 0 to 1" means_zh="把百分比當成比例" means_en="Gives a percentage where a share from 0 to 1 is wanted" repeat="02:15"
def my_question(titanic):
    """Gives percentages."""
    port = titanic["Embarked"].fillna("unknown")
    answer = titanic.groupby(port)["Survived"].agg(["size", "mean"]).reset_index()
    answer["mean"] *= 100
    return answer.set_axis(["group", "count", "rate"], axis=1)


# %% replaces="step3" hint="lesson 02 has grouped by Sex" means_zh="問題和課堂上的一樣" means_en="Asks what the lesson has asked already" repeat="02:15"
def my_question(titanic):
    """Asks what the lesson has answered."""
    answer = titanic.groupby("Sex")["Survived"].agg(["size", "mean"]).reset_index()
    return answer.set_axis(["group", "count", "rate"], axis=1)
