"""Applications that another system took (ぴったりサービス → 申請管理システム), read as ours."""
