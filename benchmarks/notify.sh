# The runner as a server of the bench: broadcast and unicast through POST /notifications, volatile; sourced by its run.sh.
# DURABLE=true sends durably on SQLite. JAR names another jar, JVM_OPTIONS other options than the recommended ones.
REPO=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
JAR=${JAR:-$REPO/notify-runner/target/notify-runner.jar}
DURABLE=${DURABLE:-false}
BENCH_SECRET=a-secret-for-the-bench-and-nothing-else
TOKENS=$W/notify-tokens.txt
[ -s "$TOKENS" ] && [ -n "$(find "$TOKENS" -mmin -600)" ] || node "$REPO/benchmarks/tokens.mjs" $BENCH_SECRET 20000 >"$TOKENS"
SENDER=$(node "$REPO/benchmarks/tokens.mjs" $BENCH_SECRET 1 SERVICE)

start() {
  exec taskset -c "$SC" env PORT="$PORT" HOST=127.0.0.1 NOTIFY_ENV=production JWT_SECRET=$BENCH_SECRET \
    DATABASE_URL="${DATABASE_URL:-jdbc:sqlite:$RUN/notify.db}" LOG_LEVEL=warn ${TRANSPORT:+TRANSPORT=$TRANSPORT} EVENT_LOOPS=1 \
    MAX_CONNECTIONS_PER_ADDRESS=1000000 NEW_CONNECTIONS_PER_SECOND=1000000 SEND_LIMIT=10000000 \
    "$JAVA" ${JVM_OPTIONS:--Xmx2g @$REPO/notify-runner/notify.options} -jar "$JAR"
}
WARM=30
NS=/ws/notifications
WS_QUERY=
AUTH='{"token":"{token}"}'
SSE_PATH=/notifications/sse
SSE_QUERY='token={token}'
POST_HEADERS=("Authorization: Bearer $SENDER" "Content-Type: application/json")
BCAST_PATH=/notifications
BODY='{"audience":{"everyone":true},"event":"note","title":"Build finished","message":"","durable":'$DURABLE',"data":{"seq":{seq},"ts":{ts},"text":"{pad:60}"}}'
USER_PATH=/notifications
USER_BODY='{"audience":{"user":"{user}"},"event":"note","title":"Build finished","message":"","durable":'$DURABLE',"data":{"seq":{seq},"ts":{ts},"text":"{pad:60}"}}'
SCENARIOS="idle10000 storm5000 fan1000 fan1000w4 fan5000 uni1000 paced1000 sse_idle5000 sse_fan1000 sse_fan5000 sse_uni1000 sse_paced1000"
IDLE_CMD='$JCMD $SRV_PID GC.run >/dev/null; $JCMD $SRV_PID GC.heap_info | sed -nE "s/.*(def new generation|tenured generation|DefNew|Tenured|garbage-first heap|PSYoungGen|ParOldGen).* used ([0-9]+)K.*/\2/p" | paste -sd+ | bc >> $RUN/heap'
