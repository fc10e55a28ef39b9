"""Japanese words for what definitions are written with, for telling what changed."""


def _words(text):
    return dict(pair.split("=") for pair in text.split())


# What a list or mapping of things holds.
NOUNS = _words(
    """
    fields=項目 options=選択肢 pages=ページ steps=段階 settings=設定 outcomes=結果 pools=予約枠
    columns=列 uses=使う定義 links=リンク checklist=確認事項 units=課 posts=職 roles=役割 grants=権限
    sections=大分類 groups=中分類 classes=小分類 numbers=番号
    data=差込み legal=根拠 tasks=課題 bring=持ち物 tests=テスト
    """
)

# What a thing says of itself.
PROPERTIES = _words(
    """
    title=題名 label=名前 name=名前 help=説明 intro=案内 summary=あらまし body=本文 subject=件名
    example=記入例 required=必須 required_if=必須になる条件 visible_if=表示する条件 calc=計算
    default=初めの値 min=最小 max=最大 max_length=文字数の上限 type=種類 value=値 owner=担当
    audience=対象 sensitivity=情報の区分 prefill=自動入力 due=期限 unit=担当課 next=次の段階 to=行き先
    if=条件 result=結果 open=受付期間 from=始まり hold=仮予約の時間 weight=数え方 calendar=カレンダー
    retention=保存期間 years=年数 facts=案内 who=できる人 cost=費用 time=かかる日数 ready=用意するもの
    hear=結果の知らせ方 words=検索のことば assurance=本人確認 cancel=取下げ while=できる間 explain=説明
    notices=お知らせ document=文書 notice=お知らせ amount=金額 via=払い方 number=番号 format=形
    sequence=連番 phone=電話 mail=メール address=住所 hours=開庁時間 colour=色 accept=受け付ける形
    max_mb=大きさの上限(MB) max_files=ファイル数の上限 pattern=書き方 error=注意の文 level=強さ
    door=入口 shelf=棚 limits=件数の制限 closed=休み opened=開ける日 weekdays=曜日 holidays=祝日を休む
    year_end=年末年始 dates=日 flow=流れ start=始まり drafts=書きかけ keep=保つ期間
    public=本人に見せる名前 appeal=不服申立ての案内 reasons=理由 channels=手段 group=まとまり
    phase=時期 why=理由の説明 elsewhere=行き先 together=まとめて行く窓口 within=期間 law=根拠 note=注記
    check=確認事項 thing=持ち物 where=手段 icon=絵 rank=順番
    cases=案件を収める disclosure=公開区分 then=満了後の措置 received=収受番号 issued=文書番号
    optional=空欄可 code=コード sign=記号 url=アドレス
    """
)

# Columns that many lists have, where the list gives no label.
COLUMNS = _words(
    """
    fee=手数料 price=料金 capacity=定員 weight=点数 limit=上限 unit=担当課
    """
)
