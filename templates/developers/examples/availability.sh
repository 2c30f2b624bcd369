curl "@portal@/api/availability?room=@room@&from=@day@&to=@next_day@&duration=60"
