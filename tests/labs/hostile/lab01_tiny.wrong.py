# %% replaces="step1" hint="One is wanted" means_zh="不知道一是多少" means_en="Does not know one" repeat="01:1"
def one():
    return 7


# %% replaces="step2" hint="Leave x as it is" means_zh="直接改了 x" means_en="Changes x in place" repeat="01:2"
def double(x):
    x *= 2
    return x


# %% replaces="step3" hint="A function is wanted" means_zh="傳回的不是函式" means_en="Returns no function" repeat="01:2"
def learn(inputs, outputs):
    return 3


# %% replaces="step3" hint="Not learnt yet" means_zh="沒有學" means_en="Learns nothing" repeat="01:1"
def learn(inputs, outputs):  # noqa: F811
    return lambda inputs: 0 * inputs
