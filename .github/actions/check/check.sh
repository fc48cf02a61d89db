#!/bin/sh
# What the action does, and what any other CI can run as well: `sync --check` and `expiry` of the
# manifest $CHECK_MANIFEST. Exits with the gravest of their codes: 4 over 1 over 3 over 0.
# Writes nothing but $GITHUB_OUTPUT and $GITHUB_STEP_SUMMARY, where these are set.
set -u

manifest=${CHECK_MANIFEST:-mcpjwt.toml}
if [ -d "$manifest" ]; then manifest=$manifest/mcpjwt.toml; fi
case $manifest in
  */*) ;;
  *) manifest=./$manifest ;;
esac
worst=0

# check TITLE ARGUMENT..: runs mcpjwt, says what it said, keeps the gravest code.
check() {
  title=$1 code=0
  shift
  said=$(mcpjwt -m "$manifest" "$@" 2>&1) || code=$?
  # What is said may repeat names from files: it must not begin a workflow command.
  if [ -n "$said" ]; then printf '%s\n' "$said" | sed 's/^/| /'; fi
  case $code in
    0 | 1 | 3 | 4) ;;
    *) code=4 ;;
  esac
  if [ "$code" -ne 0 ]; then
    # In a workflow command a line end would begin another one.
    printf '%s' "$said" | tr '\r\n' '  ' | sed -e 's/%/%25/g' -e "s/^/::error title=$title::/"
    echo
  fi
  if [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then
    { printf '### %s: exit code %s\n\n' "$title" "$code"; printf '%s\n' "$said" | sed 's/^/    /'; echo; } >> "$GITHUB_STEP_SUMMARY"
  fi
  case $worst,$code in
    0,* | 3,1 | 3,4 | 1,4) worst=$code ;;
  esac
}

case ${CHECK_SYNC:-true} in
  true) check 'mcpjwt sync' sync --check ;;
  false) ;;
  *)
    echo "::error title=mcpjwt::\`sync\` is neither \`true\` nor \`false\`"
    worst=4
    ;;
esac
if [ -n "${CHECK_WITHIN:-}" ]; then
  check 'mcpjwt expiry' expiry --within "$CHECK_WITHIN"
else
  check 'mcpjwt expiry' expiry
fi
if [ -n "${GITHUB_OUTPUT:-}" ]; then printf 'exit-code=%s\n' "$worst" >> "$GITHUB_OUTPUT"; fi
exit "$worst"
