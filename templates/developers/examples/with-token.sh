curl -H "Authorization: Bearer $TOKEN" \
  "@portal@/api/rooms?site=@site@"
