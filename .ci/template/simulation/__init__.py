"""What the alarms of a stack do with series of metrics: their own expressions, evaluated."""
