"""XLSForm: what can be said here is carried over with its meaning; everything else is listed with its row."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from fixtures.cases import account
from machi.engines.definitions import public as definitions
from machi.engines.questions import public as questions
from machi.entrances.exchange.xlsform.expressions import Known, Untranslatable, translate
from machi.entrances.exchange.xlsform.form import import_form
from machi.entrances.exchange.xlsform.workbook import FormRefused
from machi.ground.calendar import today

HEAD = ("type", "name", "label", "label::Português (pt)", "hint", "required", "relevant", "constraint",
        "constraint_message", "calculation", "default", "parameters", "appearance", "media::image")  # fmt: skip
SURVEY = [
    ("start", "start"),
    ("begin group", "who", "あなたのこと", "Sobre você"),
    ("text", "full_name", "名前", "Nome", "戸籍のとおり", "yes"),
    ("date", "born", "生まれた日", "Nascimento", "", "yes", "", ". <= today()", "生まれた日は今日までです"),
    ("calculate", "age", "", "", "", "", "", "", "", "int((today() - ${born}) div 365.25)"),
    ("text", "guardian", "保護者の名前", "", "", "yes", "${age} < 18"),
    ("end group",),
    ("begin group", "dogs", "犬のこと"),
    ("select_one yn", "has_dog", "犬を飼っていますか", "Tem cachorro?", "", "yes"),
    ("begin group", "more", "くわしく", "", "", "", "selected(${has_dog}, '1')"),
    ("select_multiple colors", "colors", "毛の色", "", "", "", "", "count-selected(.) <= 2"),
    ("text", "other", "その他の色", "", "", "", "selected(${colors}, 'other')"),
    ("end group",),
    ("begin repeat", "dog", "犬"),
    ("text", "dog_name", "名前"),
    ("integer", "weight", "体重", "", "", "", "", ". > 0 and . < 120", "", "", "10"),
    ("decimal", "ratio", "割合", "", "", "", "${has_dog} = '1'"),
    ("end repeat",),
    ("calculate", "total", "", "", "", "", "", "", "", "sum(${weight}) * 2"),
    ("image", "photo", "写真", "", "", "", "${total} != 0"),
    ("geopoint", "place", "場所"),
    ("end group",),
    ("note", "thanks", "ありがとうございました", "", "", "", "", "", "", "", "", "", "", "thanks.png"),
    ("geotrace", "walk", "散歩の道"),
    ("text", "home", "ふるさと", "", "", "", "pulldata('x', 'y', 'z', ${full_name}) = 'a'"),
    ("range", "score", "点", "", "", "", "", "", "", "", "", "start=1 end=5 step=1"),
]
CHOICES = [
    ("list_name", "name", "label", "label::English (en)", "region"),
    ("yn", 1, "はい", "Yes"), ("yn", 0, "いいえ", "No"),
    ("colors", "brown", "茶"), ("colors", "other", "その他"), ("colors", "白", "白", "White", "north"),
]  # fmt: skip
SETTINGS = [("form_title", "form_id", "style"), ("犬の登録", "Dog-Registration", "pages")]


def book(survey=None, choices=CHOICES, settings=SETTINGS, head=HEAD, **more):
    made = openpyxl.Workbook()
    made.remove(made.active)
    sheets = {"survey": [head, *(SURVEY if survey is None else survey)], "choices": choices, "settings": settings}
    for name, rows in {**sheets, **more}.items():
        sheet = made.create_sheet(name)
        for row in rows or ():
            sheet.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


@pytest.fixture(scope="module")
def made():
    return import_form(book(), "dog.xlsx")


def fields(tree):
    return {one["key"]: one for one in tree["fields"] if "key" in one}


def notes(made):
    return {(note.sheet, note.line): note.words for note in made.notes}


def test_questions_pages_and_languages_are_carried_over(made):
    assert (made.code, made.tree["title"]) == ("forms.dog_registration", {"ja": "犬の登録"})
    assert [(page["title"]["ja"], page["fields"]) for page in made.tree["pages"]] == [
        ("あなたのこと", ["full_name", "born", "age", "guardian"]),
        ("犬のこと", ["has_dog", "colors", "other", "dog", "total", "photo", "place"]),
        ("犬の登録", ["thanks", "home", "score"]),
        ("連絡先", ["name", "phone", "email"]),
    ]
    found = fields(made.tree)
    assert found["full_name"]["label"] == {"ja": "名前", "pt-BR": "Nome"}
    assert (found["full_name"]["help"], found["full_name"]["required"]) == ({"ja": "戸籍のとおり"}, "true")
    assert found["has_dog"]["options"][0] == {"key": "1", "label": {"ja": "はい", "en": "Yes"}}
    assert [one["key"] for one in found["dog"]["fields"]] == ["dog_name", "weight", "ratio"]
    assert found["dog"]["fields"][1]["default"] == "10"
    assert (found["score"]["min"], found["score"]["max"]) == ("1", "5")
    assert found["photo"]["accept"] == ["image"]


def test_conditions_keep_their_meaning(made):
    found = fields(made.tree)

    assert found["age"]["calc"] == "age_on(born, today())"
    assert found["guardian"]["visible_if"] == "age < 18"
    assert found["other"]["visible_if"] == "(has_dog == '1') and ('other' in colors)"
    assert found["total"]["calc"] == "sum(dog, weight) * 2"
    assert found["photo"]["visible_if"] == "not total == 0"
    assert found["dog"]["fields"][2]["visible_if"] == "$form.has_dog == '1'"
    assert found["born"]["validate"] == [
        {"if": "not is_blank(born) and not (born <= today())", "error": {"ja": "生まれた日は今日までです"}}
    ]


def test_what_has_no_place_is_listed_with_its_row(made):
    said = notes(made)

    assert "「geotrace」という答え方は、このまちにありません" in said["survey", 25]
    assert "walk" in said["survey", 25] and "散歩の道" in said["survey", 25]
    assert "pulldata" in said["survey", 26]
    assert "thanks.png" in said["survey", 24]
    assert "まちが自分で記録する" in said["survey", 2]
    assert "くわしく" in said["survey", 11]
    assert "「白」の名前を" in said["choices", 6] or "north" in said["choices", 6]
    assert "style" in said["settings", 2]
    assert len(made.notes) == 8


def test_the_form_becomes_a_sound_manuscript_that_asks_what_the_form_asked(joso, made):
    examined = definitions.examine(made.tree)
    assert [str(fault) for fault in examined.errors] == []

    form = questions.Form(examined.compiled.bundle["form"])
    child = form.evaluate({"born": f"{today().year - 5}-01-01", "has_dog": "0"}, today=today())
    owner = form.evaluate({"born": "1980-01-01", "has_dog": "1", "colors": ["other"]}, today=today())
    assert ("guardian" in child.errors, "guardian" in owner.errors) == (True, False)
    assert (child.visible["other"], owner.visible["other"]) == (False, True)


NAMES = {
    "a": Known("a", "int"), "b": Known("b", "decimal"), "t": Known("t", "text"), "c": Known("c", "choice"),
    "m": Known("m", "choices"), "d": Known("d", "date"), "ok": Known("ok", "bool"), "r": Known("r", "repeat"),
    "q": Known("q", "int", "r"), "gone": Known("gone", "none"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("xpath", "ours"),
    [
        ("${a} > 3 and ${t} = 'x'", "a > 3 and t == 'x'"),
        ("${c} != 'x' or not(${a} >= 1)", "not c == 'x' or not a >= 1"),
        ("${t} = ''", "is_blank(t)"),
        ("${t} != ''", "not is_blank(t)"),
        ("${a} + ${b} * 2 > 10", "default(a, 0) + default(b, 0) * 2 > 10"),
        ("${a} div 4 = 1.5", "default(a, 0) / 4 == 1.5"),
        ("${c} = 1", "c == '1'"),
        ("${a} = '12'", "a == 12"),
        ("${d} >= '2026-04-01'", "d >= date('2026-04-01')"),
        ("${ok} = 'OK' and ${a} mod 2 = 0", "default(ok, false) and default(a, 0) % 2 == 0"),
        ("count(${r}) > 1 and sum(${q}) < 9", "count(r) > 1 and sum(r, q) < 9"),
        ("if(${a} > 1, 'x', 'y')", "if(a > 1, 'x', 'y')"),
        ("string-length(${t}) <= 5 and regex(${t}, '[0-9]+')", "length(t) <= 5 and matches(t, '[0-9]+')"),
        ("(${a} = 1 or ${a} = 2) and true()", "(a == 1 or a == 2) and true"),
        ("-${a} < 3", "-default(a, 0) < 3"),
    ],
)
def test_what_xpath_says_is_said_here(xpath, ours):
    assert translate(xpath, NAMES).text == ours


@pytest.mark.parametrize(
    "xpath",
    ["${nothing} = 1", "${gone} = 1", "${q} > 1", "pulldata('a')", "/data/a = 1", "${a} + 'x'", "${m} = 'x'",
     "${t} > 'a'", "selected(${t}, 'x')", "${a} >", "(", "now() > 1", "if(${a}, 1, 2)", "position(..)", "${a}[1]",
     "'", "not()", ". > 1", "(" * 500, "${a} and ${b}", "once(${a})", "regex(${t}, ${c})"],
)  # fmt: skip
def test_what_cannot_be_said_alike_is_never_guessed(xpath):
    with pytest.raises(Untranslatable):
        translate(xpath, NAMES)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "表計算のファイル（.xlsx）ではありません"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "古い形（.xls）"),
        (book()[:3000], "ではありません|開けません"),
        (book(survey=[]), "項目がありません"),
        (book(survey=[("", "x", "名前")]), "2行目に type がありません"),
        (book(survey=[("begin group", "g", "G"), ("text", "x", "名前")]), "2行目で始まる「begin group」に、終わり"),
        (book(survey=[("text", "x", "名前"), ("end repeat",)]), "3行目の「end repeat」に、始まりの行がありません"),
        (book(survey=[("begin group", "g", "G"), ("end repeat",)]), "始まりの行がありません"),
        (book(survey=[("select_one zoo", "x", "名前")]), "2行目が使う選択肢「zoo」が、choices シートにありません"),
        (book(survey=[("begin group", f"g{n}", "G") for n in range(20)]), "入れ子が深すぎます"),
        (book(survey=[("text", f"t{n}", "名前") for n in range(3100)]), "行が多すぎます"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_form_is_refused_in_words(data, words):
    with pytest.raises(FormRefused, match=words):
        import_form(data, "x.xlsx")


def test_a_workbook_without_a_survey_is_refused():
    made = openpyxl.Workbook()
    out = io.BytesIO()
    made.save(out)
    with pytest.raises(FormRefused, match="「survey」という名前のシートがありません"):
        import_form(out.getvalue(), "x.xlsx")


def test_names_that_clash_or_are_no_names_get_others_and_are_told():
    survey = [("text", "氏名", "氏名"), ("text", "A-b", "あ"), ("text", "a_b", "い"), ("text", "1st", "う")]
    made = import_form(book(survey=survey), "x.xlsx")

    assert [*fields(made.tree)] == ["q", "a_b", "a_b_2", "q_1st"]
    assert len([note for note in made.notes if "の名前を" in note.words and note.sheet == "survey"]) == 4


def test_a_repeat_in_a_repeat_is_listed_row_by_row():
    survey = [("begin repeat", "r", "R"), ("text", "x", "X"), ("begin repeat", "s", "S"), ("text", "y", "Y"),
              ("end repeat",), ("end repeat",)]  # fmt: skip
    made = import_form(book(survey=survey), "x.xlsx")

    assert [note.line for note in made.notes if "くり返しの中のくり返し" in note.words] == [4, 5]


def test_a_clerk_brings_a_form_in_and_finds_its_manuscript_its_notes_and_its_file(joso):
    clerk = Client()
    clerk.force_login(account("digital.kokai"), backend="django.contrib.auth.backends.ModelBackend")
    data = book()

    def bring(**more):
        return clerk.post("/exchange/forms/", {"file": SimpleUploadedFile("dog.xlsx", data), **more})

    address = bring(code="dogs.registration")["Location"]
    shown = clerk.get(address).content.decode()
    assert "引き継げなかったもの（8件）" in shown
    (manuscript,) = definitions.manuscripts()
    assert f"/builder/{manuscript.id}/" in shown
    assert clerk.get(f"/builder/{manuscript.id}/").status_code == 200
    assert clerk.get(f"{address}file/").content == data
    taken = bring(code="dogs.registration")
    assert (taken.status_code, "もう使われています" in taken.content.decode()) == (422, True)
    assert bring(code="Wrong Code").status_code == 422
    assert clerk.post("/exchange/forms/", {"file": SimpleUploadedFile("a.xlsx", b"x")}).status_code == 422
