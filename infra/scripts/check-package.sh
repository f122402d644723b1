#!/usr/bin/env bash
# Whether a published Azure build has what the Functions host looks for, and nothing of the embedded host.
set -euo pipefail

usage() {
  cat <<'TEXT'
Usage: check-package.sh FOLDER

FOLDER is where `dotnet publish src/FollowUp.Functions -p:FollowUpHost=Azure --output FOLDER` published to. Exit code 0 when it is whole.
TEXT
}

case "${1:-}" in
  -h | --help) usage; exit 0 ;;
  '') echo 'check-package.sh: which folder? See --help.' >&2; exit 2 ;;
esac
folder=$1
[[ -d $folder ]] || { echo "error: $folder is no folder." >&2; exit 1; }

wrong=0
for file in host.json worker.config.json extensions.json functions.metadata FollowUp.Functions.dll FollowUp.Functions.deps.json \
  FollowUp.Functions.runtimeconfig.json .azurefunctions; do
  [[ -e $folder/$file ]] || { echo "error: $file is missing; the Functions host serves nothing without it." >&2; wrong=1; }
done
compgen -G "$folder/.azurefunctions/*DurableTask*.dll" >/dev/null ||
  { echo 'error: .azurefunctions has no Durable Task extension, so that no orchestration would run.' >&2; wrong=1; }
compgen -G "$folder/.azurefunctions/*DurableTask.AzureManaged*.dll" >/dev/null ||
  { echo 'error: .azurefunctions has no storage provider azureManaged, which host.json asks for.' >&2; wrong=1; }
for file in FollowUp.EmbeddedHost.dll FollowUp.TwilioEmulator.dll local.settings.json; do
  [[ ! -e $folder/$file ]] || { echo "error: $file does not belong into it." >&2; wrong=1; }
done
[[ $wrong -ne 0 ]] || echo "$folder is whole."
exit $wrong
