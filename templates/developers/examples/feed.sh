curl "@portal@/api/icsfeed?rooms=@room@" -o calendar.ics
