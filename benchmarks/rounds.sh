#!/usr/bin/env bash
# Several servers that stay up, measured in turn: rounds.sh OUT.jsonl ROUNDS SCENARIO... -- SERVER...
#
#   SERVER    LABEL=FILE[,NAME=VALUE...]: a server file of the load generator (see its README), with variables set for it
#   SCENARIO  fanN fanNs fanNwK uniN pacedN connectN, or sse_ and one of these; connectN drops its N clients at the end of each run
#
# Each server is one process for all scenarios and rounds, on SERVER_CORE, and idle while another is measured. Before a
# scenario's first round it is loaded for the WARM seconds of its file with the same work. BENCH is the folder with run.sh,
# BENCH_WORK where its setup.sh has built.
set -u
OUT=$1; ROUNDS=$2; shift 2
SCENARIOS=(); while [ "$1" != -- ]; do SCENARIOS+=("$1"); shift; done; shift
W=$BENCH_WORK; SC=${SERVER_CORE:-0}; LC=${SWARM_CORE:-1}; JAVA=${JAVA:-java}; JCMD=${JCMD:-jcmd}
TOP=$(mktemp -d); declare -A PIDS=(); LABELS=()
trap 'for l in "${LABELS[@]}"; do kill ${PIDS[$l]} 2>/dev/null; done; rm -rf "$TOP"' EXIT

up() { (exec 3<>/dev/tcp/127.0.0.1/"$1") 2>/dev/null; }
kids() { local p; for p in "$@"; do echo "$p"; kids $(cat /proc/"$p"/task/*/children 2>/dev/null); done; }

# the variables of a server file and of who named it
described() {
  local file=$1 more=$2
  PORT=$3; RUN=$4
  NS=/ ; WS_PATH=/socket.io/ ; WS_QUERY='user={i}' ; SSE_PATH=/sse ; SSE_QUERY='user={i}' ; AUTHZ= ; AUTH= ; TOKENS= ; WARM=3
  POST_PORT=$PORT ; BCAST_PATH=/broadcast ; USER_PATH='/user/{user}' ; POST_HEADERS=() ; HEADERS=() ; MATCH='"ts":' ; TSM='ts":'
  BODY='{"seq":{seq},"ts":{ts},"title":"Build finished","text":"{pad:120}"}' ; USER_BODY= ; IDLE_CMD= ; SSE_USER_PATH= ; READY_PORT=
  [ -z "$more" ] || eval "export ${more//,/ }"
  . "$file"
}

begin() {
  local label=$1 file=$2 more=$3 port=$4 run=$TOP/$1
  mkdir "$run"
  ( described "$file" "$more" "$port" "$run"; ulimit -n "$(ulimit -Hn)"; start ) >"$run/server.log" 2>&1 &
  local pid=$!
  taskset -apc "$SC" $pid >/dev/null 2>&1
  for _ in $(seq 300); do up "$port" && break; sleep 0.1; done
  sleep 1
  PIDS[$label]=$(kids $pid | sort -un | tr '\n' ' ')
}

# measure LABEL FILE MORE PORT SCENARIO WARM_UP SECONDS
measure() (
  described "$2" "$3" "$4" "$TOP/$1"
  sc=$5; warm=$6; dur=$7; mode=ws; path=$WS_PATH; q=$WS_QUERY; bp=$BCAST_PATH; body=$BODY
  [ "${sc#sse_}" = "$sc" ] || { mode=sse; path=$SSE_PATH; q=$SSE_QUERY; }
  case ${sc#sse_} in
    connect*) n=${sc##*connect}; a=(--no-load --settle 0.3);;
    fan*s)    n=${sc##*fan}; n=${n%s}; a=(--ctl 1 --window 1 --spin);;
    fan*w*)   n=${sc##*fan}; n=${n%w*}; a=(--ctl "${sc##*w}" --window "${sc##*w}");;
    fan*)     n=${sc##*fan}; a=(--ctl 1 --window 1);;
    uni*)     n=${sc##*uni}; bp=$USER_PATH; body=${USER_BODY:-$BODY}; a=(--ctl 64 --window 64 --fanout 1 --users "$n")
              [ $mode = ws ] || path=${SSE_USER_PATH:-$path};;
    paced*)   n=${sc##*paced}; a=(--ctl 8 --rate 20);;
  esac
  [ -z "$AUTHZ" ] || a+=(--authz "$AUTHZ"); [ -z "$AUTH" ] || a+=(--auth "$AUTH"); [ -z "$TOKENS" ] || a+=(--tokens "$TOKENS")
  for h in "${POST_HEADERS[@]}"; do a+=(--post-header "$h"); done; for h in "${HEADERS[@]}"; do a+=(--header "$h"); done
  pids=${PIDS[$1]% }
  taskset -c "$LC" "$W/swarm" --tag "$1/$sc" --mode $mode --port "$4" -n "$n" --path "$path" --ns "$NS" --query "$q" \
    --match "$MATCH" --ts-marker "$TSM" --post-port "$POST_PORT" --post-path "$bp" --body "$body" --server-pid "${pids// /,}" \
    --server-core "$SC" --own-core "$LC" --warmup "$warm" --duration "$dur" "${a[@]}"
)

declare -A FILE=() MORE=() AT=()
port=${PORT:-9400}
for server in "$@"; do
  label=${server%%=*}; rest=${server#*=}; LABELS+=("$label")
  FILE[$label]=${rest%%,*}; MORE[$label]=; [ "$rest" = "${rest%%,*}" ] || MORE[$label]=${rest#*,}
  AT[$label]=$port; port=$((port + 10))
  begin "$label" "${FILE[$label]}" "${MORE[$label]}" "${AT[$label]}"
done
for sc in "${SCENARIOS[@]}"; do
  for l in "${LABELS[@]}"; do
    warm=$( (described "${FILE[$l]}" "${MORE[$l]}" "${AT[$l]}" "$TOP/$l"; echo "$WARM") )
    case $sc in
      *connect*) for _ in $(seq $((warm / 3))); do measure "$l" "${FILE[$l]}" "${MORE[$l]}" "${AT[$l]}" "$sc" 0 0 >/dev/null; done;;
      *) measure "$l" "${FILE[$l]}" "${MORE[$l]}" "${AT[$l]}" "$sc" "$warm" 1 >/dev/null;;
    esac
  done
  for ((round = 1; round <= ROUNDS; round++)); do
    for l in "${LABELS[@]}"; do
      line=$(measure "$l" "${FILE[$l]}" "${MORE[$l]}" "${AT[$l]}" "$sc" 1.5 "${DUR:-3}")
      echo "${line%\}},\"round\":$round,\"try\":0}" >>"$OUT"
    done
  done
done
