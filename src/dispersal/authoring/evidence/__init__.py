"""Evidence: rows added one at a time or from a spreadsheet, and the ledger as a data package."""
