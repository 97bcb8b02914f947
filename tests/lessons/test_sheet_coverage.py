"""Every entry of the sheets and language steps on the slides is taught in its notebook, under the name that it has today."""

import ast
import functools
import subprocess
import sys
from pathlib import Path

import jupytext
import nbformat
import numpy as np
import pandas as pd
import pytest

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
NAMES = {"01": "01_numpy", "02": "02_pandas", "03": "03_scikit_learn", "11": "11_language_basics"}

# The sheets' entries in their order, each as today's code with the sheet's variable names where it has any.
NUMPY = {
    "creating arrays": ["np.array", "np.zeros((3, 4))", "np.ones((2, 3, 4), dtype=np.int16)",
                        "np.arange(10, 25, 5)", "np.linspace(0, 2, 9)", "np.full((2, 2), 7)", "np.eye(2)",
                        "rng.random((2, 2))", "np.empty((3, 2))"],
    "files": ["np.save", "np.savez", "np.load", "np.loadtxt", "np.genfromtxt", "np.savetxt"],
    "data types": ["np.int64", "np.float32", "np.complex128", "np.bool_", "object", "np.bytes_", "np.str_"],
    "inspecting": ["a.shape", "len(a)", "b.ndim", "e.size", "b.dtype", "b.dtype.name", "b.astype(int)"],
    "help": ["np.info", "np.ndarray.dtype"],
    "arithmetic": ["a - b", "np.subtract(a, b)", "b + a", "np.add(b, a)", "a / b", "np.divide(a, b)", "a * b",
                   "np.multiply(a, b)", "np.exp(b)", "np.sqrt(b)", "np.sin(b)", "np.cos(b)", "np.log(a)",
                   "e.dot(f)"],
    "comparison": ["a == b", "a < 2", "np.array_equal(a, b)"],
    "aggregates": ["a.sum()", "a.min()", "b.max(axis=0)", "b.cumsum(axis=1)", "a.mean()", "np.median(b)",
                   "np.corrcoef(b)", "np.std(b)"],
    "copies": ["a.view()", "np.copy(a)", "a.copy()"],
    "sorting": ["heights.sort()", "c_sorted.sort(axis=0)"],
    "subsetting": ["a[2]", "b[1, 2]"],
    "slicing": ["a[0:2]", "b[0:2, 1]", "b[:, 1]", "b[:1]", "c[1, ...]", "a[::-1]"],
    "boolean and fancy indexing": ["a[a < 2]", "b[[1, 0, 1, 0], [0, 1, 2, 0]]",
                                   "b[[1, 0, 1, 0]][:, [0, 1, 2, 0]]"],
    "transposing": ["np.transpose(b)", "i.T"],
    "shape": ["g.ravel()", "g.reshape(3, -1)"],
    "adding and removing": ["h.resize((2, 6))", "np.append(h, g)", "np.insert(a, 1, 5)", "np.delete(a, [1])"],
    "combining": ["np.concatenate((a, d), axis=0)", "np.vstack((a, b))", "np.r_[e, f]", "np.hstack([e, f])",
                  "np.column_stack((a, d))", "np.c_[a, d]"],
    "splitting": ["np.hsplit(a, 3)", "np.vsplit(c, 2)"],
}
PANDAS = {
    "data structures": ["pd.Series", "pd.DataFrame"],
    "CSV": ["pd.read_csv(folder / 'file.csv', header=None, nrows=5)", "df.to_csv"],
    "Excel": ["pd.read_excel(folder / 'myDataFrame.xlsx')", "df.to_excel",
              "pd.ExcelFile(folder / 'file.xlsx')", "pd.read_excel(xlsx, 'Sheet1')"],
    "help": ["help(pd.Series.loc)"],
    "getting": ["s['b']", "df[1:]"],
    "by position": ["df.iloc[[0], [0]]", "df.iat[0, 0]"],
    "by label": ["df.loc[[0], ['Country']]", "df.at[0, 'Country']"],
    "by label or position": ["df.loc[2]", "df.loc[:, 'Capital']", "df.loc[1, 'Capital']",
                             "df.loc[1:, 'Capital']"],
    "boolean indexing": ["s[s > 1]", "s[~(s > 1)]", "s[(s < -1) | (s > 2)]",
                         "df[df['Population'] > 1200000000]"],
    "setting": ["s['a']"],
    "dropping": ["s.drop(['a', 'c'])", "df.drop('Country', axis=1)"],
    "sorting and ranking": ["by_population.sort_index()", "df.sort_values(by='Country')", "s.sort_values()",
                            "df.rank()"],
    "information": ["df.shape", "df.index", "df.columns", "df.info", "df.count()"],
    "summary": ["df.sum()", "df.cumsum()", "df.min()", "df.max()", "df.idxmin()", "df.idxmax()",
                "df.describe()", "df.mean(numeric_only=True)", "df.median(numeric_only=True)"],
    "applying functions": ["df.apply(f)", "df.map(f)"],
    "alignment": ["s + s3"],
    "fill methods": ["s.add(s3, fill_value=0)", "s.sub(s3, fill_value=2)", "s.div(s3, fill_value=4)",
                     "s.mul(s3, fill_value=3)"],
}
SCIKIT_LEARN = {
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
LANGUAGE = {
    "cleaning": ["english.strip_html(PAGE_EN)", "english.strip_html(PAGE_ZH)", "unicodedata.normalize('NFKC', word)"],
    "punctuation": ["without_punctuation(clean_en)", "without_punctuation(clean_zh)", "unicodedata.category(mark)"],
    "tokenising": ["english.tokenise", "TreebankWordTokenizer()", "chinese.segment(sentence)",
                   "chinese.segment_plainly(sentence)", "maximum_matching(sentence)"],
    "subwords": ["commonest_pair(cut, times)", "merge(pieces, pair)", "cut_new(word, merges)",
                 "learn_to_cut({run: list(run) for run in runs}, runs, 60)"],
    "stop words": ["english.stop_words()", "chinese.stop_words()", "content_words(clean_en, english.tokenise)",
                   "content_words(clean_zh, everyday)"],
    "stems and variants": ["PorterStemmer()", "SnowballStemmer('english')", "chinese.to_traditional('\\n'.join(words))",
                           "chinese.to_simplified(traditional)"],
    "parsing": ["nltk.ChartParser(ENGLISH).parse(sentence_en)", "nltk.ChartParser(CHINESE).parse(sentence_zh)",
                "draw_tree(ax, tree, name)"],
    "frequencies and n-grams": ["nltk.FreqDist(words)", "nltk.ngrams(words, n)",
                                "nltk.ConditionalFreqDist(nltk.bigrams(words))"],
    "corpus": ["datasets.load_wikipedia_sample()", "datasets.load_three_kingdoms()",
               "datasets.load_rotten_tomatoes()", "corpus_row('Wikipedia sample', articles)"],
    "one-hot and cosine": ["np.eye(len(words))", "cosine(one_hot[pair[0]], one_hot[pair[1]])",
                           "company(documents, vocabulary)"],
}
SHEETS = {"01": NUMPY, "02": PANDAS, "03": SCIKIT_LEARN, "11": LANGUAGE}
# What the sheets say that no longer exists, never did, or means something else; and what to write today.
OLD_AND_NEW = {
    "01": {"np.complex": "np.complex128", "np.bool": "np.bool_", "np.object": "object",
           "np.string_": "np.bytes_", "np_unicode_": "np.str_", "np.unicode_": "np.str_",
           "np.random.random": "rng.random", "b.median": "np.median",
           "a.correlcoef": "np.corrcoef", "a.corrcoef": "np.corrcoef", "g.reshape(3,-2)": "g.reshape(3, -1)",
           "a[1:2]": "a[::-1]", "b[:,1]": "b[:1]", "np.delete(a,[11])": "np.delete(a, [1])"},
    "02": {"pd.to_csv": "df.to_csv", "pd.to_excel": "df.to_excel", "df.iloc[[0], [0]]": "df.iloc[0, 0]",
           "df.iat[[0], [0]]": "df.iat[0, 0]", "df.loc[[0], ['Country']]": "df.loc[0, 'Country']",
           "df.at[[0], ['Country']]": "df.at[0, 'Country']", "df.ix": "df.loc", "s[(s > 1)]": "s[~(s > 1)]",
           "df.sort_index(by=": "df.sort_values(by=", "s.order": "s.sort_values", "df.idmin": "df.idxmin",
           "df.idmax": "df.idxmax"},
    "03": {
        "from sklearn.cross_validation import train_test_split": "from sklearn.model_selection import train_test_split",
        "from sklearn.cross_validation import cross_val_score": "from sklearn.model_selection import cross_val_score",
        "from sklearn.grid_search import GridSearchCV": "from sklearn.model_selection import GridSearchCV",
        "from sklearn.grid_search import RandomizedSearchCV": "from sklearn.model_selection import RandomizedSearchCV",
        "from sklearn.preprocessing import Imputer": "from sklearn.impute import SimpleImputer",
        "Imputer(missing_values=np.nan, strategy='mean', axis=0)": "SimpleImputer(missing_values=np.nan, strategy='mean')",
        "LinearRegression(normalize=True)": "make_pipeline(StandardScaler(), LinearRegression())",
        "np.random.randint(10, 5)": "np.random.default_rng(0).random((10, 5))",
    },
}
GONE = [(np, "complex"), (np, "object"), (np, "string_"), (np, "unicode_"), (np.ndarray, "median"),
        (np.ndarray, "corrcoef"), (np.ndarray, "correlcoef"), (pd, "to_csv"), (pd, "to_excel"),
        (pd.DataFrame, "ix"), (pd.Series, "order"), (pd.DataFrame, "idmin"), (pd.DataFrame, "idmax"),
        (pd.DataFrame, "applymap"), (pd.Series, "append")]


@functools.cache
def code_cells(number):
    notebook = jupytext.read(NOTEBOOKS / "source" / f"{NAMES[number]}.py", fmt="py:percent")
    return tuple(cell.source for cell in notebook.cells if cell.cell_type == "code")


def statements(cells):
    return [node for cell in cells for node in ast.parse(cell).body]


def is_then_and_now(node):
    return isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "THEN_AND_NOW"


@functools.cache
def expressions(cells):
    """Return every expression of the code, spelled uniformly; strings, comments and the table are no code."""
    nodes = [node for statement in statements(cells) if not is_then_and_now(statement)
             for node in ast.walk(statement) if isinstance(node, ast.expr)]
    return {ast.unparse(node) for node in nodes if not isinstance(node, ast.Constant | ast.JoinedStr)}


def then_and_now(number):
    (table,) = [node.value for node in statements(code_cells(number)) if is_then_and_now(node)]
    return ast.literal_eval(table)


def imports(number):
    return [node for node in statements(code_cells(number)) if isinstance(node, ast.Import | ast.ImportFrom)]


def outcome(statement, names):
    try:
        exec(statement, dict(names))
    except Exception as error:
        return type(error)
    return None


@pytest.mark.parametrize(("number", "section"), [(n, section) for n in SHEETS for section in SHEETS[n]])
def test_every_entry_of_the_sheet_is_taught_in_a_code_cell(number, section):
    taught = expressions(code_cells(number))
    missing = [entry for entry in SHEETS[number][section] if ast.unparse(ast.parse(entry, mode="eval")) not in taught]
    assert not missing, f"notebook {number} no longer teaches {missing} ({section})"


@pytest.mark.parametrize(("number", "old"), [(n, old) for n in OLD_AND_NEW for old in OLD_AND_NEW[n]])
def test_every_old_name_stands_in_the_table_beside_the_new_one(number, old):
    new = OLD_AND_NEW[number][old]
    rows = [row for row in then_and_now(number) if (row[0] == old if number == "03" else row[0].startswith(old))]
    assert rows, f"the then-and-now table of notebook {number} has no row for {old}"
    assert all(now == new if number == "03" else now.startswith(new) for _, now in rows), f"{rows} should say {new}"


@pytest.mark.parametrize(("owner", "name"), GONE, ids=lambda value: getattr(value, "__name__", value))
def test_what_the_notebooks_call_gone_is_gone(owner, name):
    assert name not in dir(owner), f"{owner.__name__}.{name} is back: teach it"


def test_every_old_line_of_the_table_fails_and_every_new_one_works():
    names = {}
    exec("\n".join(map(ast.unparse, imports("03"))), names)
    for old, new in then_and_now("03"):
        assert outcome(old, names) in (ImportError, ModuleNotFoundError, NameError, TypeError, ValueError), old
        assert outcome(new, names) is None, new


def test_a_name_in_a_string_a_comment_or_the_table_is_not_taught():
    cells = ("x = 'np.linspace'  # np.linspace", "THEN_AND_NOW = [(np.linspace, '')]", "f'{np.eye(2) = }'")
    assert "np.linspace" not in expressions(cells)
    assert {"np.eye", "np.eye(2)"} <= expressions(cells)


@pytest.mark.parametrize(("number", "least"), [("01", 40), ("02", 40), ("11", 25)])
def test_nine_in_ten_cells_with_output_are_compared_exactly(number, least):
    built = nbformat.read(NOTEBOOKS / f"{NAMES[number]}.ipynb", as_version=4)
    with_output = [cell for cell in built.cells if cell.get("outputs")]
    exact = [cell for cell in with_output if "nbval-check-output" in cell.metadata.get("tags", [])]
    assert len(exact) >= 0.9 * len(with_output) > least


def test_nothing_of_nltk_needs_a_download():
    assert not [one for one in expressions(code_cells("11")) if "nltk.download" in one or "corpus." in one]


@pytest.mark.parametrize("number", SHEETS)
def test_imports_neither_tensorflow_nor_keras(number):
    check = "import sys; print(sorted({'tensorflow', 'keras'} & set(sys.modules)))"
    program = "\n".join([*map(ast.unparse, imports(number)), check])
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert imports(number) and result.stdout.strip() == "[]"
