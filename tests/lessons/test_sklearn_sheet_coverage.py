"""Every entry of the scikit-learn and Matplotlib sheets on the slides is taught, under the name it has today."""

import ast
import functools
import subprocess
import sys
from pathlib import Path

import jupytext
import pytest

SOURCE = Path(__file__).parents[2] / "notebooks" / "source" / "03_scikit_learn.py"

# The sheets' entries in their order, as the notebook writes them: the sheet's variable names where it has any.
ENTRIES = {
    "slide: import, fit, transform": ["LabelEncoder()", "le.fit(['male', 'female'])", "le.transform(data['Sex'])"],
    "a basic example": ["load_iris()", "StandardScaler().fit(X_train)", "scaler.transform(X_train)",
                        "train_test_split(iris.data, iris.target, test_size=0.5, random_state=42)",
                        "scaler.transform(X_test)", "KNeighborsClassifier(n_neighbors=5)",
                        "knn.fit(scaler.transform(X_train), y_train)",
                        "knn.predict(scaler.transform(X_test))", "accuracy_score(y_test, y_pred)"],
    "loading the data": ["np.random.default_rng(0).random((10, 5))", "X[X < 0.7]", "pd.DataFrame(X)",
                         "sparse.csr_array(X)",
                         "np.array(['M', 'M', 'F', 'F', 'M', 'M', 'F', 'F', 'F', 'M'])"],
    "training and test data": ["train_test_split(X, y, random_state=0)"],
    "standardization": ["StandardScaler().fit_transform(small)"],
    "normalizing": ["Normalizer().fit_transform(small)"],
    "binarization": ["Binarizer(threshold=0.0).fit_transform(small)"],
    "supervised estimators": ["LinearRegression()", "SVC(kernel='linear')", "GaussianNB()"],
    "unsupervised estimators": ["PCA(n_components=0.95)", "KMeans(n_clusters=3, n_init=10, random_state=0)"],
    "model fitting": ["lr.fit(X_train, y_train)", "SVC(kernel='linear').fit(X, y)", "kmeans.fit(flowers)",
                      "gnb.fit(X_train, y_train)", "pca.fit_transform(digits.data)"],
    "prediction": ["svc.predict(np.random.default_rng(5).random((2, 5)))", "lr.predict(X_test)",
                   "knn.predict_proba(scaler.transform(X_test))", "kmeans.fit(flowers).predict(flowers)"],
    "encoding categorical features": ["LabelEncoder().fit_transform(['M', 'F', 'F', 'M'])",
                                      "OneHotEncoder(sparse_output=False)", "OrdinalEncoder()"],
    "imputing missing values": ["SimpleImputer(missing_values=np.nan, strategy=strategy)"],
    "polynomial features": ["PolynomialFeatures(5).fit_transform([[2.0]])"],
    "classification metrics": ["knn.score(scaler.transform(X_test), y_test)", "confusion_matrix(y_test, y_pred)",
                               "classification_report(y_test, y_pred, digits=2)"],
    "regression metrics": ["mean_absolute_error(y_true, guess)", "mean_squared_error(y_true, guess)",
                           "r2_score(y_true, guess)"],
    "clustering metrics": ["adjusted_rand_score(iris.target, clusters)", "homogeneity_score(iris.target, clusters)",
                           "v_measure_score(iris.target, clusters)"],
    "cross-validation": ["cross_val_score(knn, X_train, y_train, cv=4)",
                         "cross_val_score(lr, diabetes.data, diabetes.target, cv=2)"],
    "grid search": ["GridSearchCV(estimator=knn, param_grid=params)", "grid.fit(X_train, y_train)",
                    "{'n_neighbors': np.arange(1, 3), 'metric': ['euclidean', 'cityblock']}",
                    "grid.best_score_", "grid.best_estimator_.n_neighbors"],
    "randomized search": ["{'n_neighbors': np.arange(1, 3), 'weights': ['uniform', 'distance']}",
                          "RandomizedSearchCV(estimator=knn, param_distributions=params, n_iter=8, "
                          "random_state=5)", "search.fit(X_train, y_train)", "search.best_score_"],
    "Matplotlib": ["plt.plot(x, y)", "plt.show()", "plt.subplots(2, 2, figsize=(8, 5.6))", "axes[0, 0].plot",
                   "axes[0, 1].scatter", "axes[1, 0].bar", "axes[1, 1].hist", "figure.savefig"],
}
MODULES = {
    "sklearn.cluster": ["KMeans"], "sklearn.decomposition": ["PCA"], "sklearn.impute": ["SimpleImputer"],
    "sklearn.datasets": ["load_iris"], "sklearn.linear_model": ["LinearRegression"], "sklearn.svm": ["SVC"],
    "sklearn.naive_bayes": ["GaussianNB"], "sklearn.neighbors": ["KNeighborsClassifier"],
    "sklearn.metrics": ["accuracy_score", "classification_report", "confusion_matrix", "mean_absolute_error",
                        "mean_squared_error", "r2_score", "adjusted_rand_score", "homogeneity_score",
                        "v_measure_score"],
    "sklearn.model_selection": ["train_test_split", "cross_val_score", "GridSearchCV", "RandomizedSearchCV"],
    "sklearn.preprocessing": ["StandardScaler", "Normalizer", "Binarizer", "LabelEncoder", "PolynomialFeatures"],
}
# What the sheets say that no longer exists or never worked, and how the line begins today.
OLD_AND_NEW = {
    "from sklearn.cross_validation import train_test_split": "from sklearn.model_selection import train_test_split",
    "from sklearn.cross_validation import cross_val_score": "from sklearn.model_selection import cross_val_score",
    "from sklearn.grid_search import GridSearchCV": "from sklearn.model_selection import GridSearchCV",
    "from sklearn.grid_search import RandomizedSearchCV": "from sklearn.model_selection import RandomizedSearchCV",
    "from sklearn.preprocessing import Imputer": "from sklearn.impute import SimpleImputer",
    "Imputer(missing_values=np.nan, strategy='mean', axis=0)": "SimpleImputer(missing_values=np.nan, strategy='mean')",
    "LinearRegression(normalize=True)": "make_pipeline(StandardScaler(), LinearRegression())",
    "np.random.randint(10, 5)": "np.random.default_rng(0).random((10, 5))",
}


@functools.cache
def code_cells():
    notebook = jupytext.read(SOURCE, fmt="py:percent")
    return tuple(cell.source for cell in notebook.cells if cell.cell_type == "code")


def statements(cells):
    return [node for cell in cells for node in ast.parse(cell).body]


def is_then_and_now(node):
    return isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "THEN_AND_NOW"


def expressions(cells):
    """Return every expression of the code, spelled uniformly; strings, comments and the table are no code."""
    nodes = [node for statement in statements(cells) if not is_then_and_now(statement)
             for node in ast.walk(statement) if isinstance(node, ast.expr)]
    return {ast.unparse(node) for node in nodes if not isinstance(node, ast.Constant | ast.JoinedStr)}


def then_and_now(cells):
    (table,) = [node.value for node in statements(cells) if is_then_and_now(node)]
    return ast.literal_eval(table)


def imports():
    return [node for node in statements(code_cells()) if isinstance(node, ast.Import | ast.ImportFrom)]


def outcome(statement, names):
    try:
        exec(statement, dict(names))
    except Exception as error:
        return type(error)
    return None


@pytest.fixture(scope="module")
def taught():
    return expressions(code_cells())


@pytest.mark.parametrize("section", ENTRIES)
def test_every_entry_of_the_sheet_is_taught_in_a_code_cell(section, taught):
    missing = [entry for entry in ENTRIES[section]
               if ast.unparse(ast.parse(entry, mode="eval")) not in taught]
    assert not missing, f"notebook 03 no longer teaches {missing} ({section})"


@pytest.mark.parametrize("module", MODULES)
def test_every_name_comes_from_where_it_lives_today(module):
    imported = {name.name for node in imports() if isinstance(node, ast.ImportFrom) and node.module == module
                for name in node.names}
    assert set(MODULES[module]) <= imported


@pytest.mark.parametrize("old", OLD_AND_NEW)
def test_every_old_line_stands_in_the_table_beside_the_new_one(old):
    assert dict(then_and_now(code_cells())).get(old) == OLD_AND_NEW[old]


def test_every_old_line_of_the_table_fails_and_every_new_one_works():
    names = {}
    exec("\n".join(map(ast.unparse, imports())), names)
    for old, new in then_and_now(code_cells()):
        assert outcome(old, names) in (ImportError, ModuleNotFoundError, NameError, TypeError, ValueError), old
        assert outcome(new, names) is None, new


def test_a_name_in_a_string_a_comment_or_the_table_is_not_taught():
    cells = ("x = 'SVC()'  # SVC()", "THEN_AND_NOW = [(SVC(), '')]", "print(f'{PCA(2)}')")
    assert "SVC()" not in expressions(cells)
    assert "PCA(2)" in expressions(cells)


def test_imports_neither_tensorflow_nor_keras():
    check = "import sys; print(sorted({'tensorflow', 'keras'} & set(sys.modules)))"
    program = "\n".join([*map(ast.unparse, imports()), check])
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert imports() and result.stdout.strip() == "[]"
