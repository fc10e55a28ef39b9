"""What the scripts say."""

from django.utils.translation import gettext as _


def script_words():
    """The sentences of the scripts in the active language, by the name the scripts know them by."""
    return {
        "busy": _("送っています…"),
        "offline": _(
            "いまインターネットにつながっていません。書いた内容はこの画面に残っています。"
            "つながったら、もう一度ボタンを押してください。"
        ),
        "online": _("インターネットにつながりました。もう一度ボタンを押してください。"),
        "unsent": _(
            "うまく送れませんでした。書いた内容はこの画面に残っています。"
            "少し待って、もう一度ボタンを押してください。"
        ),
        "restored": _("前に送れなかった内容を、この画面に戻しました。確かめてから、もう一度送ってください。"),
        "kept": _("書いた内容は、この画面を閉じるまで残っています。同じ手続をもう一度開くと戻ります。"),
        "letters_left": _("あと%(count)s文字"),
        "letters_over": _("%(count)s文字多いです"),
        "file_large": _("「%(name)s」は大きすぎます。%(max)sMBまでのファイルを選んでください。"),
        "file_sending": _("送っています: %(percent)s%%"),
        "place_chosen": _("地図に印をつけました。"),
        "place_none": _("地図を押すと、そこに印がつきます。"),
        "place_denied": _("いまの場所がわかりませんでした。地図を押すか、場所を文で書いてください。"),
        "map_absent": _("この画面では地図を出せません。場所を文で書いてください。"),
        "map": _("地図"),
        "map_mark": _("地図の印"),
        "map_closer": _("地図を大きくする"),
        "map_farther": _("地図を小さくする"),
        "era": _("%(era)s%(year)s年"),
        "era_first": _("%(era)s元年"),
        "reiwa": _("令和"),
        "heisei": _("平成"),
        "showa": _("昭和"),
        "taisho": _("大正"),
        "close": _("閉じる"),
    }
