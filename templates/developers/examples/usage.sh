curl -H "Authorization: Bearer $TOKEN" "@portal@/api/usage"
