#!/usr/bin/env bash
# Before `azd provision`: looks for what is missing, so that a deployment does not fail after twenty minutes.
set -euo pipefail

usage() {
  cat <<'TEXT'
Usage: preprovision.sh

Run by azd before the resources are made. It changes nothing. It reads the azd environment and checks:
  TWILIO_ACCOUNT_SID                           the account, AC and 32 letters and digits
  TWILIO_MESSAGING_SERVICE_SID or TWILIO_FROM  what texts are sent from
  TWILIO_AUTH_TOKEN, FOLLOWUP_API_KEY          for the first deployment; later the vault has them
  FOLLOWUP_ALERT_EMAIL                         who is mailed when something is wrong
TEXT
}

case "${1:-}" in
  '') ;;
  -h | --help) usage; exit 0 ;;
  *) echo "preprovision.sh: unknown argument '$1'; see --help." >&2; exit 2 ;;
esac

wrong=0
complain() {
  echo "error: $1" >&2
  wrong=1
}

[[ ${TWILIO_ACCOUNT_SID:-} =~ ^AC[0-9A-Za-z]{32}$ ]] ||
  complain 'TWILIO_ACCOUNT_SID is not the SID of a Twilio account (AC and 32 letters and digits): azd env set TWILIO_ACCOUNT_SID AC...'
[[ ${TWILIO_MESSAGING_SERVICE_SID:-} =~ ^(MG[0-9A-Za-z]{32})?$ ]] ||
  complain 'TWILIO_MESSAGING_SERVICE_SID is not the SID of a messaging service (MG and 32 letters and digits).'
[[ -n ${TWILIO_MESSAGING_SERVICE_SID:-}${TWILIO_FROM:-} ]] ||
  complain 'There is nothing to send from: azd env set TWILIO_MESSAGING_SERVICE_SID MG..., or TWILIO_FROM +1...'
[[ ${FOLLOWUP_ALERT_EMAIL:-} == *?@?* ]] ||
  complain 'FOLLOWUP_ALERT_EMAIL is not an address: azd env set FOLLOWUP_ALERT_EMAIL you@clinic.example'
[[ ${FOLLOWUP_SIZE:-small} =~ ^(small|medium|large)$ ]] || complain "FOLLOWUP_SIZE is '$FOLLOWUP_SIZE'; it is small, medium or large."
[[ ${FOLLOWUP_PRIVATE_NETWORKING:-false} =~ ^(true|false)$ ]] ||
  complain "FOLLOWUP_PRIVATE_NETWORKING is '$FOLLOWUP_PRIVATE_NETWORKING'; it is true or false."
[[ ${FOLLOWUP_PUBLIC_URL:-} =~ ^(https://[^/?#]+)?$ ]] ||
  complain 'FOLLOWUP_PUBLIC_URL must be https:// and a host, without a path.'

if [[ -z ${FOLLOWUP_VAULT_NAME:-} ]]; then
  [[ -n ${TWILIO_AUTH_TOKEN:-} ]] || complain 'The first deployment needs the Twilio auth token: export TWILIO_AUTH_TOKEN=... (in this shell; do not store it with azd).'
  [[ -n ${FOLLOWUP_API_KEY:-} ]] || complain 'The first deployment needs a root API key: export FOLLOWUP_API_KEY="$(openssl rand -base64 48 | tr -d "/+=\n")"'
fi
if [[ -n ${FOLLOWUP_API_KEY:-} && ${#FOLLOWUP_API_KEY} -lt 32 ]]; then
  complain 'FOLLOWUP_API_KEY has fewer than 32 characters, and could be guessed.'
fi

exit $wrong
