#!/bin/sh
# Classifies image files with what a stack says of itself: no Pulumi, no Python, no client library.
set -eu

usage() {
    cat <<'USAGE'
usage: pulumi stack output --stack dev --json | classify.sh IMAGE…
       classify.sh --outputs FILE IMAGE…

Classifies image files through the gateway of an image-serving stack: a line for each, with its
name, class and score between tabs. Needs curl and jq.

  --outputs FILE   where `pulumi stack output --json` was kept, instead of standard input
  GATEWAY_API_KEY  environment variable: the API key, where the gateway asks for one

Exit codes: 0 all images have classes; 1 some have none; 2 wrong usage, or nothing could be asked.
USAGE
}

fail() {
    echo "classify.sh: $1" >&2
    exit 2
}

outputs_file=-
case "${1:-}" in
-h | --help) usage && exit 0 ;;
--outputs)
    [ $# -ge 2 ] || fail '--outputs: give a file'
    outputs_file=$2
    shift 2
    ;;
-*) fail "$1: no such option; see --help" ;;
esac
[ $# -gt 0 ] || { usage >&2 && exit 2; }
for tool in curl jq; do
    command -v "$tool" >/dev/null || fail "$tool is needed"
done

if [ "$outputs_file" = - ]; then
    outputs=$(cat)
else
    [ -r "$outputs_file" ] || fail "$outputs_file: can't be read"
    outputs=$(cat "$outputs_file")
fi
printf '%s' "$outputs" | jq --slurp --exit-status '.[0] | type == "object"' >/dev/null 2>&1 ||
    fail "these are no stack outputs: they come from \`pulumi stack output --json\`"

output() {
    printf '%s' "$outputs" | jq -er --arg name "$1" '.[$name] // empty | select(. != "")' ||
        fail "output \`$1\` is missing or empty: an older release of the stack?"
}

url=$(output gateway_url)
key_required=$(output api_key_required)
key=${GATEWAY_API_KEY:-}
if [ "$key_required" = true ] && [ -z "$key" ]; then
    fail 'the gateway asks for an API key: put it into the variable GATEWAY_API_KEY'
fi

answer=$(mktemp)
trap 'rm -f "$answer"' EXIT
trap 'exit 130' INT TERM

# The key goes in by standard input: arguments are read by everybody on the machine. --retry waits
# as 429 and 503 say in Retry-After.
ask() {
    printf '%s' "${key:+header = \"X-API-Key: $key\"}" |
        curl --config - --silent --show-error --retry 5 --max-time 60 \
            --header 'Content-Type: application/octet-stream' --data-binary "@$1" \
            --output "$answer" --write-out '%{http_code}' "$url/v1/predict?top=1"
}

failed=0
for image; do
    if ! [ -f "$image" ] || ! [ -r "$image" ]; then
        echo "$image: no such file" >&2
        failed=1
        continue
    fi
    status=$(ask "$image") || fail "$url did not answer; is it reachable from this machine?"
    if [ "$status" = 200 ]; then
        jq -r --arg image "$image" '[$image, (.predictions[0] | .label, .score)] | @tsv' "$answer"
    else
        # A problem document (RFC 9457), unless something else than the gateway answered.
        reason=$(jq -er '"\(.detail // .title) [\(.code)]"' "$answer" 2>/dev/null) ||
            reason="what answered is no gateway of this kind"
        echo "$image: $reason ($status)" >&2
        failed=1
    fi
done
exit "$failed"
