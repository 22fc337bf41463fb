#!/usr/bin/env bash
# Holds fake-apiserver against the kubectl on PATH, as old as 1.20 and as new as there is.
#
#     cargo build -p kubekit-fake --features cli --bin fake-apiserver
#     .ci/kubectl.sh [path of fake-apiserver]
#
# Prints a line for each check and stops at the first that fails.
set -euo pipefail

server=${1:-${CARGO_TARGET_DIR:-target}/debug/fake-apiserver}
work=$(mktemp -d)
server_pid=
watch_pid=

cleanup() {
    for pid in $watch_pid $server_pid; do
        kill "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
    rm -rf "$work"
}
trap cleanup EXIT

fail() {
    printf 'FAILED  %s\n' "$1" >&2
    shift
    printf '%s\n' "$@" >&2
    exit 1
}

ok() {
    printf 'ok      %s\n' "$1"
}

# within SECONDS COMMAND...: repeats the command until it succeeds.
within() {
    local deadline=$((SECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        [ "$SECONDS" -lt "$deadline" ] || return 1
        sleep 0.05
    done
}

kube() {
    kubectl --kubeconfig "$work/kubeconfig" --cache-dir "$work/cache" "$@" 2>&1
}

# says WHAT PATTERN COMMAND...: kubectl succeeds and its output has a line that matches.
says() {
    local what=$1 pattern=$2 output
    shift 2
    output=$(kube "$@") || fail "$what" "kubectl $* failed:" "$output"
    grep -Eq -- "$pattern" <<<"$output" || fail "$what" "no '$pattern' in the output of kubectl $*:" "$output"
    ok "$what"
}

# refuses WHAT PATTERN COMMAND...: kubectl fails and says why.
refuses() {
    local what=$1 pattern=$2 output
    shift 2
    if output=$(kube "$@"); then
        fail "$what" "kubectl $* succeeded:" "$output"
    fi
    grep -Eq -- "$pattern" <<<"$output" || fail "$what" "no '$pattern' in the output of kubectl $*:" "$output"
    ok "$what"
}

# is WHAT VALUE COMMAND...: the output of kubectl is exactly this.
is() {
    local what=$1 value=$2 output
    shift 2
    output=$(kube "$@") || fail "$what" "kubectl $* failed:" "$output"
    [ "$output" = "$value" ] || fail "$what" "kubectl $* should print '$value' and prints:" "$output"
    ok "$what"
}

start() {
    [ -x "$server" ] || fail "start" "there is no program $server; build it first"
    "$server" --port 0 --write-kubeconfig "$work/kubeconfig" >"$work/url" 2>"$work/log" &
    server_pid=$!
    within 30 test -s "$work/url" || fail "start" "the server did not print its URL:" "$(cat "$work/log")"
    within 30 kube get --raw /readyz || fail "start" "the server did not get ready:" "$(cat "$work/log")"
    ok "the server is ready at $(cat "$work/url")"
}

stop() {
    kill -TERM "$server_pid"
    local status=0
    wait "$server_pid" || status=$?
    server_pid=
    [ "$status" -eq 0 ] || fail "the server ends on SIGTERM" "it exited with $status:" "$(cat "$work/log")"
    ok "the server ends on SIGTERM"
}

manifests() {
    cat >"$work/definition.yaml" <<'YAML'
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: websites.demo.example.com
spec:
  group: demo.example.com
  scope: Namespaced
  names:
    plural: websites
    kind: Website
    shortNames: [ws]
  versions:
  - name: v1
    served: true
    storage: true
    subresources:
      status: {}
      scale:
        specReplicasPath: .spec.replicas
        statusReplicasPath: .status.replicas
    additionalPrinterColumns:
    - {name: Replicas, type: integer, jsonPath: .spec.replicas}
    - {name: Age, type: date, jsonPath: .metadata.creationTimestamp}
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec:
            type: object
            properties:
              replicas: {type: integer}
          status:
            type: object
            properties:
              replicas: {type: integer}
YAML
    cat >"$work/objects.yaml" <<'YAML'
apiVersion: v1
kind: ConfigMap
metadata:
  name: page
data:
  title: hello
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels: {app: web}
spec:
  replicas: 2
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
      - name: web
        image: registry.example/web:1
---
apiVersion: demo.example.com/v1
kind: Website
metadata:
  name: home
spec:
  replicas: 1
YAML
}

# each WHAT KIND NAME PATCH JSONPATH VALUE: what can be done to one object.
each() {
    local kind=$1 name=$2 patch=$3 path=$4 value=$5
    says "get $kind" "^$name +" get "$kind"
    says "get $kind as YAML" "^  name: $name$" get "$kind" "$name" -o yaml
    says "label $kind" labeled label "$kind" "$name" tier=front
    is "select $kind by label" "$name" get "$kind" -l tier=front -o 'jsonpath={.items[*].metadata.name}'
    says "annotate $kind" annotated annotate "$kind" "$name" note=checked
    is "annotation of $kind" checked get "$kind" "$name" -o 'jsonpath={.metadata.annotations.note}'
    says "merge patch of $kind" patched patch "$kind" "$name" --type=merge -p "$patch"
    is "patched field of $kind" "$value" get "$kind" "$name" -o "jsonpath=$path"
}

watches() {
    kube get configmaps --watch -o name >"$work/watch" &
    watch_pid=$!
    within 10 grep -q configmap/page "$work/watch" || fail "watch" "it shows nothing:" "$(cat "$work/watch")"
    kube patch configmap page --type=merge -p '{"data":{"watched":"yes"}}' >/dev/null
    seen_twice() { [ "$(grep -c configmap/page "$work/watch")" -ge 2 ]; }
    within 10 seen_twice || fail "watch" "it does not show a change:" "$(cat "$work/watch")"
    kill "$watch_pid"
    wait "$watch_pid" 2>/dev/null || true
    watch_pid=
    ok "get --watch shows changes"
}

waits() {
    if ! kube wait --help | grep -q -- --for=jsonpath; then
        ok "(this kubectl cannot wait for a JSON path)"
        return
    fi
    kube wait --for='jsonpath={.data.awaited}=yes' configmap/page --timeout=20s >"$work/wait" &
    local pid=$!
    kube patch configmap page --type=merge -p '{"data":{"awaited":"yes"}}' >/dev/null
    wait "$pid" || fail "wait --for=jsonpath" "$(cat "$work/wait")"
    ok "wait --for=jsonpath sees a change"
    says "wait for a custom resource" "condition met" \
        wait --for='jsonpath={.spec.replicas}=3' website/home --timeout=5s
}

# skips WHAT WHY: a check that this kubectl or this server cannot do.
skips() {
    printf 'skip    %s (%s)\n' "$1" "$2"
}

# has COMMAND...: whether kubectl has a command.
has() {
    kubectl "$@" --help 2>/dev/null | grep -q "kubectl $*"
}

explains() {
    says "explain a built-in kind" "image.*<string>" explain deployment.spec.template.spec.containers
    says "explain a custom kind" "replicas.*<integer>" explain website.spec
    refuses "explain a field that is not there" "does not exist" explain configmap.none
}

columns() {
    is "custom columns" "page   hi" get configmap page --no-headers -o 'custom-columns=N:.metadata.name,T:.data.title'
    is "JSON path with a range" "page=hi;" \
        get configmaps -l tier=front -o 'jsonpath={range .items[*]}{.metadata.name}={.data.title};{end}'
    is "go template" "page" get configmap page -o 'go-template={{.metadata.name}}'
    says "sorted list" "web" get deployments --sort-by=.metadata.name
}

# What is wrong is found before it is written, by kubectl or by the server.
validates() {
    sed 's/replicas: 2/replica: 2/; s/name: web$/name: odd/' "$work/objects.yaml" | sed -n '/^apiVersion: apps/,/^---/p' >"$work/odd.yaml"
    refuses "an unknown field" "unknown field" create -f "$work/odd.yaml"
    sed 's/replicas: 2/replicas: two/; s/name: web$/name: odd/' "$work/objects.yaml" | sed -n '/^apiVersion: apps/,/^---/p' >"$work/odd.yaml"
    refuses "a field of the wrong type" "invalid type|cannot unmarshal|cannot use|must be" create -f "$work/odd.yaml"
}

applies() {
    local kind
    cat >"$work/applied.yaml" <<'YAML'
apiVersion: v1
kind: ConfigMap
metadata:
  name: applied
data:
  on: "1"
  'y': "2"
YAML
    says "apply, but dry" "created \(server dry run\)" apply --dry-run=server -f "$work/applied.yaml"
    refuses "nothing was written" NotFound get configmap applied
    says "apply" "configmap/applied created" apply -f "$work/applied.yaml"
    says "apply again" "unchanged" apply -f "$work/applied.yaml"
    sed -i 's/"2"/"3"/' "$work/applied.yaml"
    refuses "diff finds what would change" '\+ +"?y"?: "3"' diff -f "$work/applied.yaml"
    says "apply a change" "configured" apply -f "$work/applied.yaml"
    is "what was applied" 3 get configmap applied -o 'jsonpath={.data.y}'
    sed -i '/"3"/d' "$work/applied.yaml"
    says "apply a removal" "configured" apply -f "$work/applied.yaml"
    is "what was removed" "" get configmap applied -o 'jsonpath={.data.y}'
    kind=$(kube apply --server-side --dry-run=server -f "$work/applied.yaml" --force-conflicts) || true
    case $kind in
        *serverside-applied*) says "apply on the server" serverside-applied apply --server-side --force-conflicts -f "$work/applied.yaml" ;;
        *) skips "apply on the server" "the server does not" ;;
    esac
    says "delete what was applied" deleted delete -f "$work/applied.yaml"
}

edits() {
    printf '#!/bin/sh\nsed -i "s/title: .*/title: edited/" "$1"\n' >"$work/editor"
    chmod +x "$work/editor"
    KUBE_EDITOR="$work/editor" says "edit" "configmap/page edited" edit configmap page
    is "what was edited" edited get configmap page -o 'jsonpath={.data.title}'
}

# Newer versions of kubectl write built-in kinds in protobuf.
imperative() {
    local output
    if ! output=$(kube create configmap made --from-literal=a=b); then
        grep -q "unknown format" <<<"$output" || fail "create configmap" "$output"
        skips "create configmap and the like" "the server does not read protobuf"
        return
    fi
    ok "create configmap"
    is "what was created" b get configmap made -o 'jsonpath={.data.a}'
    says "create secret" "secret/made created" create secret generic made --from-literal=a=b
    is "data in base64" Yg== get secret made -o 'jsonpath={.data.a}'
    says "create service account" "serviceaccount/made created" create serviceaccount made
    says "create namespace" "namespace/made created" create namespace made
    says "delete namespace" "deleted" delete namespace made --wait=false
    says "delete what was made" "deleted" delete configmap/made secret/made
    says "auth can-i" "^yes$" auth can-i create pods
    if ! has create token; then
        skips "create token" "this kubectl does not"
    elif output=$(kube create token made); then
        grep -Eq '^[^.]+[.][^.]+[.][^.]+$' <<<"$output" || fail "create token" "$output"
        ok "create token"
    else
        skips "create token" "the server does not"
    fi
}

cascades() {
    says "rollout history" "deployment.apps/web" rollout history deployment web
    says "delete without dependents" "deleted" delete deployment web --cascade=orphan --wait=false
    is "it waits for who orphans them" "orphan" get deployment web -o 'jsonpath={.metadata.finalizers[0]}'
    says "someone does" "patched" patch deployment web --type=merge -p '{"metadata":{"finalizers":null}}'
    refuses "it is gone" NotFound get deployment web
    says "create it again" "deployment.apps/web created" apply -f "$work/objects.yaml"
    says "delete in the foreground" "deleted" delete deployment web --cascade=foreground --wait=false
    says "it is deleted in the foreground" "patched" patch deployment web --type=merge -p '{"metadata":{"finalizers":null}}'
    says "create it once more" "deployment.apps/web created" apply -f "$work/objects.yaml"
}

start
manifests

says "version" "Server Version: .*1\.36" version
says "api-resources" "^deployments +deploy " api-resources
says "api-versions" "^apps/v1$" api-versions
says "namespaces" "^kube-system +Active" get namespaces

says "create a definition" "created" create -f "$work/definition.yaml"
says "the definition is established" "condition met" \
    wait --for=condition=Established crd/websites.demo.example.com --timeout=10s
says "api-resources has the custom resource" "^websites +ws " api-resources --api-group=demo.example.com

says "create objects" "website.demo.example.com/home created" create -f "$work/objects.yaml"
refuses "create them again" "AlreadyExists.*\"home\" already exists" create -f "$work/objects.yaml"

each configmaps page '{"data":{"title":"hi"}}' '{.data.title}' hi
each deployments web '{"spec":{"replicas":3}}' '{.spec.replicas}' 3
each websites home '{"spec":{"replicas":3}}' '{.spec.replicas}' 3

says "columns of a custom resource" "^home +3 " get ws
says "wide columns" "registry.example/web:1 +app=web" get deployments -o wide
says "scale a deployment" scaled scale deployment web --replicas=5
says "scale a custom resource" scaled scale website home --replicas=4
is "what was scaled" "4" get website home -o 'jsonpath={.spec.replicas}'
says "JSON patch" patched patch configmap page --type=json -p '[{"op":"add","path":"/data/more","value":"1"}]'
says "describe" "^Name: +page" describe configmap page
is "field selector" page get configmaps --field-selector metadata.name=page -o 'jsonpath={.items[*].metadata.name}'
refuses "get what is not there" 'NotFound.*configmaps "none" not found' get configmap none

explains
columns
validates
applies
edits
imperative
cascades

watches
kube patch website home --type=merge -p '{"spec":{"replicas":3}}' >/dev/null
waits

says "delete objects" 'website.demo.example.com "home" deleted' delete -f "$work/objects.yaml"
is "nothing is left" "" get configmaps,deployments,websites -o 'jsonpath={.items[*].metadata.name}'
says "delete the definition" deleted delete crd websites.demo.example.com
refuses "the custom resource is gone" "could not find the requested resource|have a resource type" get websites

stop
