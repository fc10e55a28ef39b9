"""Days and times in the words of each language."""

from machi.ground.calendar import TOKYO, era_year

_WEEKDAYS = {
    "ja": "月火水木金土日",
    "zh-hans": "一二三四五六日",
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "pt-br": (
        "segunda-feira", "terça-feira", "quarta-feira", "quinta-feira", "sexta-feira", "sábado", "domingo",
    ),
    "es": ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
}  # fmt: skip
_MONTHS = {
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
    "pt-br": (
        "janeiro", "fevereiro", "março", "abril", "maio", "junho",
        "julho", "agosto", "setembro", "outubro", "novembro", "dezembro",
    ),
    "es": (
        "enero", "febrero", "marzo", "abril", "mayo", "junio",
        "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
    ),
}  # fmt: skip
_FORMS = {
    "ja": "{era}{month}月{day}日（{weekday}）",
    "ja-easy": "{year}年（{era}） {month}月{day}日 {weekday}曜日",
    "en": "{weekday}, {day} {name} {year}",
    "pt-br": "{weekday}, {day} de {name} de {year}",
    "es": "{weekday}, {day} de {name} de {year}",
    "zh-hans": "{year}年{month}月{day}日 星期{weekday}",
}
_TIMES = {"ja": "{date} {hour}時{minute:02}分", "ja-easy": "{date} {hour}時{minute:02}分"}


def date_words(date, language):
    """`date` with its weekday as people of `language` (a Django code) read it; Japanese with the era."""
    language = language if language in _FORMS else "ja"
    letters = "ja" if language == "ja-easy" else language
    return _FORMS[language].format(
        era=era_year(date),
        year=date.year,
        month=date.month,
        day=date.day,
        weekday=_WEEKDAYS[letters][date.weekday()],
        name=_MONTHS[letters][date.month - 1] if letters in _MONTHS else "",
    )


def time_words(moment, language):
    """The aware `moment` as day and clock time in Japan, in the words of `language`."""
    local = moment.astimezone(TOKYO)
    form = _TIMES.get(language, "{date} {hour:02}:{minute:02}")
    return form.format(date=date_words(local.date(), language), hour=local.hour, minute=local.minute)
