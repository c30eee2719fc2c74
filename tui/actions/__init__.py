"""What commands do: functions of the browser, by the groups of the command table."""
