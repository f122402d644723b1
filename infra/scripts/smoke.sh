#!/usr/bin/env bash
# After `azd deploy`: asks a deployed FollowUp whether it works, without texting anybody.
set -euo pipefail

usage() {
  cat <<'TEXT'
Usage: smoke.sh [--url URL] [--wait SECONDS]

Asks a running FollowUp, and says of each question whether the answer is right:
  it is healthy; it describes its API; it serves the sign-in page; it refuses a webhook that Twilio has not signed and a call without a key;
  a booking of a clinic "smoke-test" is planned and its course is started; the patient is erased again without a trace.
The clinic has named nobody to alert and the number is fictitious, so nothing is sent to anybody. The clinic stays, empty.

  --url URL       its address; default FOLLOWUP_URL
  --wait SECONDS  how long to wait for it to become healthy, and for the course to start; default 300

The root API key is read from FOLLOWUP_API_KEY, else from the key vault FOLLOWUP_VAULT_NAME with az. It is never printed.
Exit code 0 when every answer is right. Needs curl; az for the vault.
TEXT
}

fail() {
  echo "error: $1" >&2
  exit 1
}

url=${FOLLOWUP_URL:-}
wait=300
while [[ $# -gt 0 ]]; do
  case "$1" in
    --url | --wait)
      [[ $# -ge 2 ]] || fail "$1 wants a value."
      if [[ $1 == --url ]]; then url=$2; else wait=$2; fi
      shift
      ;;
    -h | --help) usage; exit 0 ;;
    *) echo "smoke.sh: unknown argument '$1'; see --help." >&2; exit 2 ;;
  esac
  shift
done
[[ -n $url ]] || fail 'There is no address: set FOLLOWUP_URL or give --url.'
[[ $wait =~ ^[0-9]+$ ]] || fail "--wait is '$wait'; it is a number of seconds."
url=${url%/}
command -v curl >/dev/null || fail 'curl is not here.'

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 700 "$work"

# The key goes to curl in a file, so that no list of processes shows it.
(
  umask 077
  if [[ -n ${FOLLOWUP_API_KEY:-} ]]; then
    key=$FOLLOWUP_API_KEY
  elif [[ -n ${FOLLOWUP_VAULT_NAME:-} ]] && command -v az >/dev/null; then
    key=$(az keyvault secret show --vault-name "$FOLLOWUP_VAULT_NAME" --name followup-root-api-key --query value --output tsv) ||
      fail 'az could not read the root API key: the role Key Vault Secrets User on the vault is needed, or FOLLOWUP_API_KEY.'
  else
    fail 'There is no key: set FOLLOWUP_API_KEY, or FOLLOWUP_VAULT_NAME with az at hand.'
  fi
  printf 'header = "X-Api-Key: %s"\n' "$key" >"$work/key"
)

ask() { # ask METHOD PATH [curl arguments]: the status on stdout, the body in $work/body; 000 when nobody answers
  local method=$1 path=$2
  shift 2
  curl --silent --show-error --max-time 60 --request "$method" --output "$work/body" --write-out '%{http_code}' "$@" "$url$path" 2>"$work/error" || true
}

with_key() {
  local method=$1 path=$2
  shift 2
  ask "$method" "$path" --config "$work/key" "$@"
}

wrong=0
check() { # check WHAT EXPECTED ACTUAL
  if [[ $2 == "$3" ]]; then
    echo "ok      $1"
  else
    echo "WRONG   $1: expected $2, got $3"
    head -c 400 "$work/body" 2>/dev/null || true
    echo
    wrong=1
  fi
}

until_true() { # until_true COMMAND...: repeats it until it succeeds or the time is over
  local end=$((SECONDS + wait))
  until "$@"; do
    [[ $SECONDS -lt $end ]] || return 1
    sleep 3
  done
}

healthy() { [[ $(ask GET /api/health) == 200 ]]; }
until_true healthy || true
check 'it is healthy' 200 "$(ask GET /api/health)"

check 'it refuses a call without a key' 401 "$(ask GET /api/clinics)"
check 'it describes its API' 200 "$(with_key GET /api/openapi.json)"
grep -q '"openapi"' "$work/body" || check 'the description is OpenAPI' '"openapi"' 'something else'
check 'it serves the sign-in page' 200 "$(ask GET /dashboard/sign-in)"
check 'it refuses an unsigned webhook' 403 "$(ask POST /api/twilio/inbound --data 'From=%2B14155550123&Body=STOP')"

clinic=/api/clinics/smoke-test
id="smoke-$(date +%s)-$RANDOM"
starts=$(date -u -d '+200 days' +%Y-%m-%dT18:00:00Z 2>/dev/null || date -u -v+200d +%Y-%m-%dT18:00:00Z)

status=$(with_key PUT "$clinic" --header 'Content-Type: application/json' \
  --data '{ "name": "Smoke test", "timeZone": "America/Los_Angeles", "phone": "+14155550100" }')
case "$status" in 200 | 201 | 202) status=taken ;; esac
check 'it takes a clinic' taken "$status"
check 'it takes a booking' 202 "$(with_key PUT "$clinic/sessions/$id" --header 'Content-Type: application/json' --data "{
  \"patient\": { \"id\": \"$id\", \"firstName\": \"Smoke\", \"phone\": \"+14155550123\", \"language\": \"en\", \"timeZone\": \"America/Los_Angeles\", \"consents\": [\"care\"] },
  \"plan\": \"microneedling-acne-scars\", \"startsAt\": \"$starts\", \"sessionNumber\": 1, \"plannedSessions\": 1 }")"

planned() { [[ $(with_key GET "$clinic/sessions/$id") == 200 ]] && grep -q '"state": *"planned"' "$work/body"; }
planned && answer=yes || answer=no
check 'the booking is planned' yes "$answer"

# Waiting means that the orchestration has run: the engine works, and may be reached with the app's identity.
started() { [[ $(with_key GET "$clinic/sessions/$id") == 200 ]] && grep -q '"state": *"waiting"' "$work/body"; }
until_true started && answer=yes || answer=no
check 'its course is started' yes "$answer"

check 'the patient is erased' 204 "$(with_key DELETE "$clinic/patients/$id")"
check 'and is gone' 404 "$(with_key GET "$clinic/patients/$id")"

if [[ $wrong -eq 0 ]]; then
  echo "FollowUp at $url works."
else
  echo "FollowUp at $url does not work as it should; docs/operations.md says where to look." >&2
fi
exit $wrong
