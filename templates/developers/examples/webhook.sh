curl -X POST "@portal@/api/webhooks" \
  -H "Authorization: Bearer $TOKEN" \
  -H "Content-Type: application/json" \
  -d '{"url": "https://hooks.example.com/workways", "events": ["meeting.confirmed", "meeting.cancelled"], "dryRun": true}'
