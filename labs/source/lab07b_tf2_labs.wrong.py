# %% replaces="step1" hint="do you look at self.monitor" means_zh="只看寫死的那一個值，沒有看 monitor 說的" means_en="Looks at one value always, not at the one that monitor names" repeat="04:11"
class StopAtGoal(keras.callbacks.Callback):
    """Looks at the training accuracy whatever it was told."""

    def __init__(self, goal, monitor="val_accuracy", times=2):
        super().__init__()
        self.goal, self.monitor, self.times = goal, monitor, times

    def on_train_begin(self, logs=None):
        self.reached = 0

    def on_epoch_end(self, epoch, logs=None):
        self.reached = self.reached + 1 if logs["accuracy"] >= self.goal else 0
        if self.reached >= self.times:
            self.model.stop_training = True


# %% replaces="step1" hint="a value exactly at the goal" means_zh="剛好到達目標時沒有停" means_en="Does not stop exactly at the goal" repeat="04:11"
class StopAtGoal(keras.callbacks.Callback):
    """Wants more than the goal."""

    def __init__(self, goal, monitor="val_accuracy", times=2):
        super().__init__()
        self.goal, self.monitor, self.times = goal, monitor, times

    def on_train_begin(self, logs=None):
        self.reached = 0

    def on_epoch_end(self, epoch, logs=None):
        self.reached = self.reached + 1 if logs[self.monitor] > self.goal else 0
        if self.reached >= self.times:
            self.model.stop_training = True


# %% replaces="step1" hint="it stops after two in a row" means_zh="第一次碰到目標就停，沒有看 times" means_en="Stops when the goal is touched once, whatever times says" repeat="04:11"
class StopAtGoal(keras.callbacks.Callback):
    """Stops at the first touch."""

    def __init__(self, goal, monitor="val_accuracy", times=2):
        super().__init__()
        self.goal, self.monitor, self.times = goal, monitor, times

    def on_train_begin(self, logs=None):
        pass

    def on_epoch_end(self, epoch, logs=None):
        if logs[self.monitor] >= self.goal:
            self.model.stop_training = True


# %% replaces="step1" hint="below the goal, count anew" means_zh="數的是一共幾次，不是連續幾次" means_en="Counts how often in all, not how often in a row" repeat="04:11"
class StopAtGoal(keras.callbacks.Callback):
    """Counts all epochs at the goal."""

    def __init__(self, goal, monitor="val_accuracy", times=2):
        super().__init__()
        self.goal, self.monitor, self.times = goal, monitor, times

    def on_train_begin(self, logs=None):
        self.reached = 0

    def on_epoch_end(self, epoch, logs=None):
        self.reached += logs[self.monitor] >= self.goal
        if self.reached >= self.times:
            self.model.stop_training = True


# %% replaces="step1" hint="on_train_begin should begin anew" means_zh="第二次訓練沒有從頭數" means_en="Goes on counting in a second training" repeat="04:11"
class StopAtGoal(keras.callbacks.Callback):
    """Sets the count to 0 once only."""

    def __init__(self, goal, monitor="val_accuracy", times=2):
        super().__init__()
        self.goal, self.monitor, self.times = goal, monitor, times
        self.reached = 0

    def on_train_begin(self, logs=None):
        pass

    def on_epoch_end(self, epoch, logs=None):
        self.reached = self.reached + 1 if logs[self.monitor] >= self.goal else 0
        if self.reached >= self.times:
            self.model.stop_training = True


# %% replaces="step2" hint="this is the plain accuracy" means_zh="算成一般的準確率，多的那一種占便宜" means_en="Takes the plain accuracy, in which the larger kind weighs more" repeat="07:2"
def compare_hands(own, other):
    """Takes the share of right answers in all."""
    accuracies = [np.mean((chances.ravel() >= 0.5) == labels) for chances, labels in (own, other)]
    return *accuracies, accuracies[0] - accuracies[1]


# %% replaces="step2" hint="each picture was compared with all labels" means_zh="(n, 1) 和 (n,) 相比，變成 (n, n)" means_en="Compares (n, 1) with (n,), which makes (n, n)" repeat="01:8"
def compare_hands(own, other):
    """Does not flatten."""
    def balanced(chances, labels):
        right = (chances >= 0.5) == labels
        return np.mean([right[labels == kind].mean() for kind in (0, 1)])

    return balanced(*own), balanced(*other), balanced(*own) - balanced(*other)


# %% replaces="step2" hint="did it get its own labels" means_zh="兩邊都用了同一邊的資料" means_en="Takes the data of one side for both" repeat="07:1"
def compare_hands(own, other):
    """Answers for one's own hand twice."""
    chances, labels = own
    right = (chances.ravel() >= 0.5) == labels
    accuracy = np.mean([right[labels == kind].mean() for kind in (0, 1)])
    return accuracy, accuracy, 0.0


# %% replaces="step2" hint="what is lost is own − other" means_zh="減反了：另一種的減自己的" means_en="Subtracts the wrong way: other minus own" repeat="07:1"
def compare_hands(own, other):
    """Subtracts the other way."""
    def balanced(chances, labels):
        right = (chances.ravel() >= 0.5) == labels
        return np.mean([right[labels == kind].mean() for kind in (0, 1)])

    return balanced(*own), balanced(*other), balanced(*other) - balanced(*own)


# %% replaces="step3" hint="some pictures are upside down" means_zh="連上下也翻了：答案不變，卻不會遇到" means_en="Turns pictures upside down, as they will not be met" repeat="07:4"
def changes():
    """Mirrors both ways."""
    white = {"fill_mode": "constant", "fill_value": 1.0}
    return [layers.RandomFlip("horizontal_and_vertical"), layers.RandomTranslation(0.1, 0.1, **white)]


# %% replaces="step3" hint="fill what is left empty with 1" means_zh="移動之後空出來的地方不是白的" means_en="Fills what a move leaves empty with something else than white" repeat="07:4"
def changes():
    """Fills with 0, a grey here."""
    return [layers.RandomFlip("horizontal"), layers.RandomTranslation(0.1, 0.1, fill_mode="constant")]


# %% replaces="step3" hint="that can be learned by heart" means_zh="改得太少：同一張影像只有一兩種樣子" means_en="Changes too little: a picture comes in one or two ways" repeat="07:4"
def changes():
    """Mirrors only."""
    return [layers.RandomFlip("horizontal")]


# %% replaces="step3" hint="pictures leave −1 to 1" means_zh="影像超出了 −1 到 1" means_en="Pictures leave the range of −1 to 1" repeat="07:4"
def changes():
    """Adds noise that knows no range."""
    return [layers.RandomFlip("horizontal"), layers.GaussianNoise(0.3)]


# %% replaces="step3" hint="pictures are changed outside of training" means_zh="不在訓練的時候，影像也被改了" means_en="Changes pictures outside of training, too" repeat="07:4"
def changes():
    """Moves by hand, always."""
    return [layers.RandomFlip("horizontal"), layers.Lambda(lambda pictures: 0.9 * pictures)]


# %% replaces="step3" hint="should return a list of Keras layers" means_zh="傳回的不是一串 Keras 的層" means_en="Returns something else than a list of Keras layers" repeat="07:4"
def changes():
    """Returns one function."""
    return lambda pictures: layers.RandomFlip("horizontal")(pictures)
