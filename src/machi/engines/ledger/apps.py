from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "machi.engines.ledger"
    label = "ledger"

    def ready(self):
        from machi.engines.definitions.define import Kind, register
        from machi.engines.ledger.compile import compile_book
        from machi.engines.ledger.define import Book

        register(Kind(name="book", model=Book, compile=compile_book))
