#!/bin/sh
# Another configuration may have another name.
set -eu
exec "$(dirname "$0")/../../hooks/predeploy/10_health.sh"
