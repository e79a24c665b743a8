"""看板: charts of the office for its leaders, finance, agencies and audit; every number leads to its cases."""
