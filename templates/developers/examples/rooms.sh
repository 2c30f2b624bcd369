curl "@portal@/api/rooms?type=publicMeeting&capacity=4"
