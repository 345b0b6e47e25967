# Runs a command as a child that never outlives whoever holds our standard input, not even after kill -9.
# Arguments: the signal that asks the command to end, the seconds it gets for that, its log, the command.
# Prints the command's pid; exits with its status.
signal=$1 grace=$2 log=$3
shift 3
exec 3<&0
"$@" </dev/null >>"$log" 2>&1 3<&- &
pid=$!
echo $pid
(
  cat <&3 >/dev/null
  # a paused process can't end; a paused server's own children neither
  kill -CONT $pid $(cat /proc/$pid/task/$pid/children 2>/dev/null) 2>/dev/null
  kill -s "$signal" $pid 2>/dev/null
  sleep "$grace"
  kill -KILL $pid 2>/dev/null
) >/dev/null 2>&1 &
watcher=$!
exec 3<&- </dev/null
wait $pid
status=$?
kill $watcher 2>/dev/null
exit $status
