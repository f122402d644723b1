#!/usr/bin/env bash
# After `azd provision`: lets the app's identity into PostgreSQL. PostgreSQL makes roles by SQL only, so Bicep cannot.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

usage() {
  cat <<'TEXT'
Usage: postprovision.sh [--from-address ADDRESS] [--wait SECONDS] [--print]

Makes the database of FollowUp and the role of the app's identity in it. Running it again changes nothing.
Needs az (signed in as the database's Entra administrator) and psql 14 or newer.

  --from-address ADDRESS  this machine's public IPv4 address: lets it through the server's firewall for the time of this script.
                          Also as FOLLOWUP_OPERATOR_ADDRESS. Not needed in Azure Cloud Shell.
  --wait SECONDS          how long to try to reach the server; default 60.
  --print                 prints the commands to run by hand, from a machine that reaches the server, and does nothing.

Read from the azd environment (azd sets them for its hooks; otherwise: set -a; . <(azd env get-values); set +a):
  FOLLOWUP_DATABASE_SERVER, _HOST, _NAME, _ADMINISTRATOR, FOLLOWUP_IDENTITY_NAME, FOLLOWUP_IDENTITY_PRINCIPAL_ID, AZURE_RESOURCE_GROUP,
  AZURE_SUBSCRIPTION_ID, FOLLOWUP_PRIVATE_NETWORKING
TEXT
}

fail() {
  echo "error: $1" >&2
  exit 1
}

address=${FOLLOWUP_OPERATOR_ADDRESS:-}
print=false
wait=60
while [[ $# -gt 0 ]]; do
  case "$1" in
    --from-address)
      [[ $# -ge 2 ]] || fail '--from-address wants an address.'
      address=$2
      shift
      ;;
    --wait)
      [[ $# -ge 2 ]] || fail '--wait wants a number of seconds.'
      wait=$2
      shift
      ;;
    --print) print=true ;;
    -h | --help) usage; exit 0 ;;
    *) echo "postprovision.sh: unknown argument '$1'; see --help." >&2; exit 2 ;;
  esac
  shift
done

for name in FOLLOWUP_DATABASE_SERVER FOLLOWUP_DATABASE_HOST FOLLOWUP_DATABASE_NAME FOLLOWUP_DATABASE_ADMINISTRATOR \
  FOLLOWUP_IDENTITY_NAME FOLLOWUP_IDENTITY_PRINCIPAL_ID AZURE_RESOURCE_GROUP AZURE_SUBSCRIPTION_ID; do
  [[ -n ${!name:-} ]] || fail "$name is not set. Run azd provision first, or load the azd environment; see --help."
done
[[ $wait =~ ^[0-9]+$ ]] || fail "--wait is '$wait'; it is a number of seconds."
[[ -z $address || $address =~ ^[0-9]{1,3}(\.[0-9]{1,3}){3}$ ]] || fail "'$address' is no IPv4 address."

by_hand() {
  cat <<TEXT
As the database's Entra administrator, on a machine that reaches ${FOLLOWUP_DATABASE_HOST}, with this folder at hand:

  export PGPASSWORD="\$(az account get-access-token --resource-type oss-rdbms --query accessToken --output tsv)"
  psql "host=${FOLLOWUP_DATABASE_HOST} dbname=postgres user=${FOLLOWUP_DATABASE_ADMINISTRATOR} sslmode=require" \\
    -v identity=${FOLLOWUP_IDENTITY_NAME} -v object_id=${FOLLOWUP_IDENTITY_PRINCIPAL_ID} -v database=${FOLLOWUP_DATABASE_NAME} \\
    -f grant-database.sql
TEXT
}

if $print; then
  by_hand
  exit 0
fi

command -v az >/dev/null || fail 'az is not here: install the Azure CLI, or run this in Azure Cloud Shell.'
command -v psql >/dev/null || fail 'psql is not here: install the PostgreSQL client, or run this in Azure Cloud Shell.'

server="/subscriptions/$AZURE_SUBSCRIPTION_ID/resourceGroups/$AZURE_RESOURCE_GROUP/providers/Microsoft.DBforPostgreSQL/flexibleServers/$FOLLOWUP_DATABASE_SERVER"
rule="$server/firewallRules/operator-for-a-moment?api-version=2025-08-01"
rule_made=false
cleanup() {
  if $rule_made; then
    az rest --method delete --url "$rule" --output none ||
      echo "warning: the firewall rule operator-for-a-moment is still there; delete it by hand." >&2
  fi
}
trap cleanup EXIT

if [[ -n $address && ${FOLLOWUP_PRIVATE_NETWORKING:-false} != true ]]; then
  echo "Letting $address through the server's firewall for a moment."
  az rest --method put --url "$rule" --output none \
    --body "{\"properties\":{\"startIpAddress\":\"$address\",\"endIpAddress\":\"$address\"}}"
  rule_made=true
fi

# The token is the password, for an hour; it is in this process's environment alone.
PGPASSWORD=$(az account get-access-token --resource-type oss-rdbms --query accessToken --output tsv) ||
  fail 'az gave no token for PostgreSQL: az login, as the database administrator.'
export PGPASSWORD PGCONNECT_TIMEOUT=15

sql() { # sql ARGUMENT...: psql as the administrator
  psql --no-psqlrc --quiet "host=$FOLLOWUP_DATABASE_HOST dbname=postgres user=$FOLLOWUP_DATABASE_ADMINISTRATOR sslmode=require" "$@"
}

# A new firewall rule, and a new administrator, take a moment.
reached=false
end=$((SECONDS + wait))
while true; do
  if said=$(sql -c 'SELECT 1' 2>&1 >/dev/null); then
    reached=true
    break
  fi
  [[ $SECONDS -lt $end ]] || break
  sleep 5
done

if ! $reached; then
  echo "$said" >&2
  if [[ ${FOLLOWUP_PRIVATE_NETWORKING:-false} == true ]]; then
    echo
    echo 'NOT DONE: the server is in a private network that this machine is not in. The app cannot start before this is done by hand:'
    echo
    by_hand
    exit 0
  fi
  fail "The server $FOLLOWUP_DATABASE_HOST did not let us in as $FOLLOWUP_DATABASE_ADMINISTRATOR. If its firewall is in the way, give this machine's address with --from-address, or run this in Azure Cloud Shell."
fi

sql -v identity="$FOLLOWUP_IDENTITY_NAME" -v object_id="$FOLLOWUP_IDENTITY_PRINCIPAL_ID" -v database="$FOLLOWUP_DATABASE_NAME" \
  -f "$here/grant-database.sql" >/dev/null
echo "The app's identity $FOLLOWUP_IDENTITY_NAME may use the database $FOLLOWUP_DATABASE_NAME."
