"""Read, check and query a case folder and its ledger of published figures."""
