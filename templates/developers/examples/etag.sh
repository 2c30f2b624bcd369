etag=$(curl -s -o rooms.json -D - "@portal@/api/rooms" | tr -d '\r' | sed -n 's/^[Ee][Tt]ag: //p')
curl -s -o /dev/null -w '%{http_code}\n' -H "If-None-Match: $etag" "@portal@/api/rooms"   # 304
