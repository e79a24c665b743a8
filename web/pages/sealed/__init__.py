"""Pages of sealed bids: opening codes, the bid with its receipt, the opening."""
