"""Pages of the scoring: an expert's own sheet, what the chair and the agency follow, the report, a bidder's own result."""
