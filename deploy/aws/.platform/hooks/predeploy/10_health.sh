#!/bin/sh
# The load balancer asks /readyz by the machine's address, which TMS, asked for a name that isn't its own, would refuse
# (docs/security.md, row 18): nginx asks by the right name.
set -eu
host=$(/opt/elasticbeanstalk/bin/get-config environment -k ALLOWED_HOSTS | cut -d, -f1)
cat > /var/proxy/staging/nginx/conf.d/elasticbeanstalk/health.conf <<NGINX
location = /readyz {
    proxy_pass http://docker;
    proxy_set_header Host $host;
}
NGINX
