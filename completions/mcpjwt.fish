# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_mcpjwt_global_optspecs
    string join \n m/manifest= no-manifest json q/quiet color= h/help V/version
end

function __fish_mcpjwt_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_mcpjwt_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_mcpjwt_using_subcommand
    set -l cmd (__fish_mcpjwt_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c mcpjwt -n "__fish_mcpjwt_needs_command" -s m -l manifest -d 'Use this manifest, or the one of that name in the config folder' -r
complete -c mcpjwt -n "__fish_mcpjwt_needs_command" -l color -d 'Use colours: auto, always or never' -r -f -a "auto\t''
always\t''
never\t''"
complete -c mcpjwt -n "__fish_mcpjwt_needs_command" -l no-manifest -d 'Look for no manifest'
complete -c mcpjwt -n "__fish_mcpjwt_needs_command" -l json -d 'Answer with one JSON document'
complete -c mcpjwt -n "__fish_mcpjwt_needs_command" -s q -l quiet -d 'Leave out notes, not warnings and errors'
complete -c mcpjwt -n "__fish_mcpjwt_needs_command" -s h -l help -d 'Print help'
complete -c mcpjwt -n "__fish_mcpjwt_needs_command" -s V -l version -d 'Print version'
complete -c mcpjwt -n "__fish_mcpjwt_needs_command" -f -a "issue" -d 'Mint a token'
complete -c mcpjwt -n "__fish_mcpjwt_needs_command" -f -a "verify" -d 'Judge a token, and say why it is refused'
complete -c mcpjwt -n "__fish_mcpjwt_needs_command" -f -a "decode" -d 'Show what is in a token, without judging it'
complete -c mcpjwt -n "__fish_mcpjwt_needs_command" -f -a "expiry" -d 'Say when tokens expire'
complete -c mcpjwt -n "__fish_mcpjwt_needs_command" -f -a "lint" -d 'Check a token against the standards'
complete -c mcpjwt -n "__fish_mcpjwt_needs_command" -f -a "refresh" -d 'Renew tokens: the same claims, new times'
complete -c mcpjwt -n "__fish_mcpjwt_needs_command" -f -a "secret" -d 'Make, list, export and import keys'
complete -c mcpjwt -n "__fish_mcpjwt_needs_command" -f -a "key" -d 'Make, list, export and import keys'
complete -c mcpjwt -n "__fish_mcpjwt_needs_command" -f -a "sync" -d 'Put the tokens of the manifest into their places'
complete -c mcpjwt -n "__fish_mcpjwt_needs_command" -f -a "install" -d 'Put a token where its client reads it'
complete -c mcpjwt -n "__fish_mcpjwt_needs_command" -f -a "uninstall" -d 'Take tokens out of their places again'
complete -c mcpjwt -n "__fish_mcpjwt_needs_command" -f -a "headers" -d 'Print the header of a fresh token, for a client'
complete -c mcpjwt -n "__fish_mcpjwt_needs_command" -f -a "exec" -d 'Run a program with a fresh token in its environment'
complete -c mcpjwt -n "__fish_mcpjwt_needs_command" -f -a "init" -d 'Write a manifest from what the project has already'
complete -c mcpjwt -n "__fish_mcpjwt_needs_command" -f -a "add" -d 'Add a client to the manifest, and put its token into its places'
complete -c mcpjwt -n "__fish_mcpjwt_needs_command" -f -a "remove" -d 'Take a client out of the manifest, and its token out of its places'
complete -c mcpjwt -n "__fish_mcpjwt_needs_command" -f -a "clients" -d 'Show the known clients, and what is in their configs'
complete -c mcpjwt -n "__fish_mcpjwt_needs_command" -f -a "status" -d 'Show every token, where it lives, and what is wrong with it'
complete -c mcpjwt -n "__fish_mcpjwt_needs_command" -f -a "rotate-secret" -d 'Replace the key by a new one, and let the old one age'
complete -c mcpjwt -n "__fish_mcpjwt_needs_command" -f -a "revoke" -d 'Revoke tokens before they expire'
complete -c mcpjwt -n "__fish_mcpjwt_needs_command" -f -a "log" -d 'Show what was issued, installed and revoked'
complete -c mcpjwt -n "__fish_mcpjwt_needs_command" -f -a "doctor" -d 'Look for what should be mended, and say how'
complete -c mcpjwt -n "__fish_mcpjwt_needs_command" -f -a "jwks" -d 'Publish the public keys as a JWK Set'
complete -c mcpjwt -n "__fish_mcpjwt_needs_command" -f -a "trust" -d 'Let a manifest use what lies outside its folder'
complete -c mcpjwt -n "__fish_mcpjwt_needs_command" -f -a "completions" -d 'Print the completions of a shell'
complete -c mcpjwt -n "__fish_mcpjwt_needs_command" -f -a "man" -d 'Print the manual'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand issue" -s m -l manifest -d 'Use this manifest, or the one of that name in the config folder' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand issue" -l color -d 'Use colours: auto, always or never' -r -f -a "auto\t''
always\t''
never\t''"
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand issue" -l sub -d 'Who the token is for, its `sub`; repeat for several tokens (more than 100 are a batch, as by `--from`)' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand issue" -l from -d 'Mint a token a line of this file, or of standard input (`-`)' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand issue" -l input -d 'What the lines are: subjects, csv (below a line of names) or jsonl (claims) [default: by the name of the file, else subjects]' -r -f -a "subjects\t''
csv\t''
jsonl\t''"
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand issue" -l iss -d 'Who issues it, its `iss` [default: `$MCPJWT_ISS`, else the manifest\'s, else `mcpjwt`]' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand issue" -l aud -d 'The server it is for, its `aud`; repeat for several [default: `$MCPJWT_AUD`, else the manifest\'s, else `mcp`]' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand issue" -l scope -d 'A scope; repeat for several' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand issue" -l role -d 'The `role` claim' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand issue" -l name -d 'The `name` claim' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand issue" -l quota -d 'The `quota` claim, a whole number above 0' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand issue" -l client-id -d 'The `client_id` claim (RFC 8693)' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand issue" -l claim -d 'Another claim: NAME=TEXT, or NAME:=JSON; repeat for several' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand issue" -l claims-file -d 'A place that holds a JSON object of other claims' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand issue" -l typ -d 'The media type in the header [default: JWT]' -r -f -a "JWT\t''
at+jwt\t''"
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand issue" -l ttl -d 'How long it lasts, such as 12h or 90d [default: `$MCPJWT_TTL`, else the manifest\'s, else 24h, into a place 30d]' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand issue" -l exp -d 'When it expires: a date, RFC 3339, unix seconds, or +90d' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand issue" -l nbf -d 'Not valid before this time' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand issue" -l at -d 'Mint as of this time' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand issue" -l jti -d 'The token\'s own id [default: random]' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand issue" -l key -d 'Where the key is: a place, or `ask` for a hidden prompt [default: `$MCPJWT_KEY`, else the manifest\'s, else your own store]' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand issue" -l key-encoding -d 'Read the text of a secret as hex, base64 or base64url instead of as it is' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand issue" -l kid -d 'The key of a set to sign with [default: the current one]' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand issue" -l alg -d 'The algorithm to sign by, where the key leaves it open [default: by the kind of key]' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand issue" -l refresh-ttl -d 'How long the refresh token of `--pair` lasts [default: 90d]' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand issue" -l to -d 'Write the token to this place instead of standard output (`-`); repeat for several' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand issue" -l format -d 'What to write: the bare token, `NAME=token`, or an `Authorization` header' -r -f -a "token\t''
env\t''
header\t''"
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand issue" -l env -d 'The variable of `--format env` [default: `MCP_TOKEN`], or of a server entry' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand issue" -l header -d 'The header of a server entry that carries the bare token [default: `Authorization`, as `Bearer`]' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand issue" -l mode -d 'How the token gets to the server: literal, helper, env, input, file or exec [default: literal]' -r -f -a "literal\t''
helper\t''
env\t''
input\t''
file\t''
exec\t''"
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand issue" -l url -d 'Make the server entry if there is none: a server at this URL' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand issue" -l no-manifest -d 'Look for no manifest'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand issue" -l json -d 'Answer with one JSON document'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand issue" -s q -l quiet -d 'Leave out notes, not warnings and errors'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand issue" -l all -d 'Renew every token of the manifest, and put each into its places'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand issue" -l plain -d 'Do not start from the token of that name or subject in the manifest'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand issue" -l pair -d 'Mint an access and a refresh token, as an OAuth token response'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand issue" -l force -d 'Replace whatever a place holds, and write into files that git has'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand issue" -l no-record -d 'Keep no record in the ledger'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand issue" -l record-each -d 'Keep a record of each token of a batch, by which `log` and `revoke --sub` find it, not one of all: about 250 bytes a token, and 1.4 times the processor time'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand issue" -l dry-run -d 'Show what would be minted and written, and do nothing'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand issue" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand verify" -s m -l manifest -d 'Use this manifest, or the one of that name in the config folder' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand verify" -l color -d 'Use colours: auto, always or never' -r -f -a "auto\t''
always\t''
never\t''"
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand verify" -l key -d 'Where the key is: a place, or `ask` for a hidden prompt [default: `$MCPJWT_KEY`, else the manifest\'s, else your own store]' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand verify" -l key-encoding -d 'Read the text of a secret as hex, base64 or base64url instead of as it is' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand verify" -l jwks -d 'A JWK Set of public keys: a place or a URL' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand verify" -l previous -d 'A place of previous keys, tried when the signature is not of the current one [default: the manifest\'s]' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand verify" -l alg -d 'Allow only this algorithm; repeat for several [default: the manifest\'s, else the key\'s own]' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand verify" -l iss -d 'Demand this issuer; repeat: any of them [default: `$MCPJWT_ISS`, else the manifest\'s]' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand verify" -l aud -d 'Demand this audience; repeat: any of them [default: `$MCPJWT_AUD`, else the manifest\'s]' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand verify" -l sub -d 'Demand this subject' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand verify" -l typ -d 'Demand this media type in the header, such as at+jwt' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand verify" -l scope -d 'Demand this scope; repeat: all of them' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand verify" -l role -d 'Demand this role' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand verify" -l expect -d 'Demand a claim: NAME=TEXT, or NAME:=JSON; repeat for several' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand verify" -l require -d 'Demand that a claim is there, besides `exp`; `none`: not even that' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand verify" -l max-age -d 'Refuse tokens issued longer ago' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand verify" -l leeway -d 'How far clocks may differ [default: 0s]' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand verify" -l at -d 'Judge as of this time [default: now]' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand verify" -l no-manifest -d 'Look for no manifest'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand verify" -l json -d 'Answer with one JSON document'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand verify" -s q -l quiet -d 'Leave out notes, not warnings and errors'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand verify" -l signature-only -d 'Check the signature alone; the payload may be anything'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand verify" -l allow-weak-key -d 'Accept a key that is too short or published; for reading others\' tokens'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand verify" -l strict -d 'Insist on issuer and audience: both must be demanded'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand verify" -l exact -d 'Take the token byte by byte: do not take off white space, quotes or `Bearer`'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand verify" -l batch -d 'Judge a token a line; answer `ok` or the codes, a tab, and the subject'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand decode" -s m -l manifest -d 'Use this manifest, or the one of that name in the config folder' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand decode" -l color -d 'Use colours: auto, always or never' -r -f -a "auto\t''
always\t''
never\t''"
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand decode" -l at -d 'Tell times relative to this one [default: now]' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand decode" -l no-manifest -d 'Look for no manifest'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand decode" -l json -d 'Answer with one JSON document'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand decode" -s q -l quiet -d 'Leave out notes, not warnings and errors'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand decode" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand expiry" -s m -l manifest -d 'Use this manifest, or the one of that name in the config folder' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand expiry" -l color -d 'Use colours: auto, always or never' -r -f -a "auto\t''
always\t''
never\t''"
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand expiry" -l within -d 'Exit with 3 when one expires within this time' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand expiry" -l at -d 'Judge as of this time [default: now]' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand expiry" -l no-manifest -d 'Look for no manifest'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand expiry" -l json -d 'Answer with one JSON document'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand expiry" -s q -l quiet -d 'Leave out notes, not warnings and errors'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand expiry" -l require-exp -d 'Refuse a token without `exp`'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand expiry" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand lint" -s m -l manifest -d 'Use this manifest, or the one of that name in the config folder' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand lint" -l color -d 'Use colours: auto, always or never' -r -f -a "auto\t''
always\t''
never\t''"
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand lint" -l at -d 'Judge as of this time [default: now]' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand lint" -l no-manifest -d 'Look for no manifest'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand lint" -l json -d 'Answer with one JSON document'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand lint" -s q -l quiet -d 'Leave out notes, not warnings and errors'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand lint" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand refresh" -s m -l manifest -d 'Use this manifest, or the one of that name in the config folder' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand refresh" -l color -d 'Use colours: auto, always or never' -r -f -a "auto\t''
always\t''
never\t''"
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand refresh" -l within -d 'Only what expires within this time' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand refresh" -l ttl -d 'How long the new token lasts [default: as long as the old one]' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand refresh" -l key -d 'Where the key is: a place, or `ask` for a hidden prompt [default: `$MCPJWT_KEY`, else the manifest\'s, else your own store]' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand refresh" -l key-encoding -d 'Read the text of a secret as hex, base64 or base64url instead of as it is' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand refresh" -l alg -d 'The algorithm to sign by, where the key leaves it open [default: the manifest\'s, else by the kind of key]' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand refresh" -l no-manifest -d 'Look for no manifest'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand refresh" -l json -d 'Answer with one JSON document'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand refresh" -s q -l quiet -d 'Leave out notes, not warnings and errors'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand refresh" -l all -d 'Every place of the manifest; without one every place that a token was put into'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand refresh" -l force -d 'Write into files that git has'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand refresh" -l no-record -d 'Keep no record in the ledger'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand refresh" -l dry-run -d 'Show what would be minted and written, and do nothing'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand refresh" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand secret; and not __fish_seen_subcommand_from generate list export import prune" -s m -l manifest -d 'Use this manifest, or the one of that name in the config folder' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand secret; and not __fish_seen_subcommand_from generate list export import prune" -l color -d 'Use colours: auto, always or never' -r -f -a "auto\t''
always\t''
never\t''"
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand secret; and not __fish_seen_subcommand_from generate list export import prune" -l no-manifest -d 'Look for no manifest'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand secret; and not __fish_seen_subcommand_from generate list export import prune" -l json -d 'Answer with one JSON document'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand secret; and not __fish_seen_subcommand_from generate list export import prune" -s q -l quiet -d 'Leave out notes, not warnings and errors'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand secret; and not __fish_seen_subcommand_from generate list export import prune" -s h -l help -d 'Print help'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand secret; and not __fish_seen_subcommand_from generate list export import prune" -f -a "generate" -d 'Make the first key'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand secret; and not __fish_seen_subcommand_from generate list export import prune" -f -a "list" -d 'List keys, without their material'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand secret; and not __fish_seen_subcommand_from generate list export import prune" -f -a "export" -d 'Export a key for a server'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand secret; and not __fish_seen_subcommand_from generate list export import prune" -f -a "import" -d 'Import keys into your own store'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand secret; and not __fish_seen_subcommand_from generate list export import prune" -f -a "prune" -d 'Forget keys that are no longer accepted'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand secret; and __fish_seen_subcommand_from generate" -l alg -d 'The algorithm the key is for [default: HS256]' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand secret; and __fish_seen_subcommand_from generate" -l bytes -d 'How many random bytes a secret has [default: as many as the algorithm requires]' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand secret; and __fish_seen_subcommand_from generate" -l to -d 'Write it to this place and nowhere else' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand secret; and __fish_seen_subcommand_from generate" -l store -d 'Keep your own store in a file or in the keyring [default: file]' -r -f -a "file\t''
keyring\t''"
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand secret; and __fish_seen_subcommand_from generate" -l encoding -d 'How the text of a secret is written [default: hex]' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand secret; and __fish_seen_subcommand_from generate" -s m -l manifest -d 'Use this manifest, or the one of that name in the config folder' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand secret; and __fish_seen_subcommand_from generate" -l color -d 'Use colours: auto, always or never' -r -f -a "auto\t''
always\t''
never\t''"
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand secret; and __fish_seen_subcommand_from generate" -l print -d 'Print it and keep nothing'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand secret; and __fish_seen_subcommand_from generate" -l dry-run -d 'Show what would be made, and make nothing'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand secret; and __fish_seen_subcommand_from generate" -l no-manifest -d 'Look for no manifest'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand secret; and __fish_seen_subcommand_from generate" -l json -d 'Answer with one JSON document'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand secret; and __fish_seen_subcommand_from generate" -s q -l quiet -d 'Leave out notes, not warnings and errors'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand secret; and __fish_seen_subcommand_from generate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand secret; and __fish_seen_subcommand_from list" -l key -d 'Where the key is: a place, or `ask` for a hidden prompt [default: `$MCPJWT_KEY`, else the manifest\'s, else your own store]' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand secret; and __fish_seen_subcommand_from list" -l key-encoding -d 'Read the text of a secret as hex, base64 or base64url instead of as it is' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand secret; and __fish_seen_subcommand_from list" -l alg -d 'The algorithm it is for, where it does not say so itself' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand secret; and __fish_seen_subcommand_from list" -s m -l manifest -d 'Use this manifest, or the one of that name in the config folder' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand secret; and __fish_seen_subcommand_from list" -l color -d 'Use colours: auto, always or never' -r -f -a "auto\t''
always\t''
never\t''"
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand secret; and __fish_seen_subcommand_from list" -l no-manifest -d 'Look for no manifest'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand secret; and __fish_seen_subcommand_from list" -l json -d 'Answer with one JSON document'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand secret; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Leave out notes, not warnings and errors'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand secret; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand secret; and __fish_seen_subcommand_from export" -l key -d 'Where the key is: a place, or `ask` for a hidden prompt [default: `$MCPJWT_KEY`, else the manifest\'s, else your own store]' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand secret; and __fish_seen_subcommand_from export" -l key-encoding -d 'Read the text of a secret as hex, base64 or base64url instead of as it is' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand secret; and __fish_seen_subcommand_from export" -l alg -d 'The algorithm it is for, where it does not say so itself' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand secret; and __fish_seen_subcommand_from export" -l kid -d 'The key of a set [default: the current one]' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand secret; and __fish_seen_subcommand_from export" -l to -d 'Write it to this place instead of standard output' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand secret; and __fish_seen_subcommand_from export" -l env -d 'The variable of `--format env` [default: `JWT_SECRET`, a public key `JWT_PUBLIC_KEY`]' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand secret; and __fish_seen_subcommand_from export" -l format -d 'The form: text, env, jwk, jwks or pem [default: text for a secret, else pem]' -r -f -a "text\t''
env\t''
jwk\t''
jwks\t''
pem\t''"
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand secret; and __fish_seen_subcommand_from export" -s m -l manifest -d 'Use this manifest, or the one of that name in the config folder' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand secret; and __fish_seen_subcommand_from export" -l color -d 'Use colours: auto, always or never' -r -f -a "auto\t''
always\t''
never\t''"
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand secret; and __fish_seen_subcommand_from export" -l public -d 'Only the public part of a key pair'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand secret; and __fish_seen_subcommand_from export" -l force -d 'Replace whatever the place holds'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand secret; and __fish_seen_subcommand_from export" -l dry-run -d 'Show what would be written, and do nothing'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand secret; and __fish_seen_subcommand_from export" -l no-manifest -d 'Look for no manifest'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand secret; and __fish_seen_subcommand_from export" -l json -d 'Answer with one JSON document'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand secret; and __fish_seen_subcommand_from export" -s q -l quiet -d 'Leave out notes, not warnings and errors'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand secret; and __fish_seen_subcommand_from export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand secret; and __fish_seen_subcommand_from import" -l from -d 'Where the key is: a place, or `ask` for a hidden prompt' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand secret; and __fish_seen_subcommand_from import" -l key-encoding -d 'Read the text of a secret as hex, base64 or base64url instead of as it is' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand secret; and __fish_seen_subcommand_from import" -l alg -d 'The algorithm it is for, where it does not say so itself' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand secret; and __fish_seen_subcommand_from import" -s m -l manifest -d 'Use this manifest, or the one of that name in the config folder' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand secret; and __fish_seen_subcommand_from import" -l color -d 'Use colours: auto, always or never' -r -f -a "auto\t''
always\t''
never\t''"
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand secret; and __fish_seen_subcommand_from import" -l dry-run -d 'Show what would be imported, and keep nothing'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand secret; and __fish_seen_subcommand_from import" -l no-manifest -d 'Look for no manifest'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand secret; and __fish_seen_subcommand_from import" -l json -d 'Answer with one JSON document'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand secret; and __fish_seen_subcommand_from import" -s q -l quiet -d 'Leave out notes, not warnings and errors'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand secret; and __fish_seen_subcommand_from import" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand secret; and __fish_seen_subcommand_from prune" -s m -l manifest -d 'Use this manifest, or the one of that name in the config folder' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand secret; and __fish_seen_subcommand_from prune" -l color -d 'Use colours: auto, always or never' -r -f -a "auto\t''
always\t''
never\t''"
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand secret; and __fish_seen_subcommand_from prune" -l yes -d 'Do not ask'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand secret; and __fish_seen_subcommand_from prune" -l dry-run -d 'Show what would go, and keep it'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand secret; and __fish_seen_subcommand_from prune" -l no-manifest -d 'Look for no manifest'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand secret; and __fish_seen_subcommand_from prune" -l json -d 'Answer with one JSON document'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand secret; and __fish_seen_subcommand_from prune" -s q -l quiet -d 'Leave out notes, not warnings and errors'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand secret; and __fish_seen_subcommand_from prune" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand key; and not __fish_seen_subcommand_from generate list export import prune" -s m -l manifest -d 'Use this manifest, or the one of that name in the config folder' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand key; and not __fish_seen_subcommand_from generate list export import prune" -l color -d 'Use colours: auto, always or never' -r -f -a "auto\t''
always\t''
never\t''"
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand key; and not __fish_seen_subcommand_from generate list export import prune" -l no-manifest -d 'Look for no manifest'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand key; and not __fish_seen_subcommand_from generate list export import prune" -l json -d 'Answer with one JSON document'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand key; and not __fish_seen_subcommand_from generate list export import prune" -s q -l quiet -d 'Leave out notes, not warnings and errors'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand key; and not __fish_seen_subcommand_from generate list export import prune" -s h -l help -d 'Print help'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand key; and not __fish_seen_subcommand_from generate list export import prune" -f -a "generate" -d 'Make the first key'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand key; and not __fish_seen_subcommand_from generate list export import prune" -f -a "list" -d 'List keys, without their material'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand key; and not __fish_seen_subcommand_from generate list export import prune" -f -a "export" -d 'Export a key for a server'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand key; and not __fish_seen_subcommand_from generate list export import prune" -f -a "import" -d 'Import keys into your own store'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand key; and not __fish_seen_subcommand_from generate list export import prune" -f -a "prune" -d 'Forget keys that are no longer accepted'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand key; and __fish_seen_subcommand_from generate" -l alg -d 'The algorithm the key is for [default: HS256]' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand key; and __fish_seen_subcommand_from generate" -l bytes -d 'How many random bytes a secret has [default: as many as the algorithm requires]' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand key; and __fish_seen_subcommand_from generate" -l to -d 'Write it to this place and nowhere else' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand key; and __fish_seen_subcommand_from generate" -l store -d 'Keep your own store in a file or in the keyring [default: file]' -r -f -a "file\t''
keyring\t''"
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand key; and __fish_seen_subcommand_from generate" -l encoding -d 'How the text of a secret is written [default: hex]' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand key; and __fish_seen_subcommand_from generate" -s m -l manifest -d 'Use this manifest, or the one of that name in the config folder' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand key; and __fish_seen_subcommand_from generate" -l color -d 'Use colours: auto, always or never' -r -f -a "auto\t''
always\t''
never\t''"
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand key; and __fish_seen_subcommand_from generate" -l print -d 'Print it and keep nothing'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand key; and __fish_seen_subcommand_from generate" -l dry-run -d 'Show what would be made, and make nothing'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand key; and __fish_seen_subcommand_from generate" -l no-manifest -d 'Look for no manifest'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand key; and __fish_seen_subcommand_from generate" -l json -d 'Answer with one JSON document'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand key; and __fish_seen_subcommand_from generate" -s q -l quiet -d 'Leave out notes, not warnings and errors'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand key; and __fish_seen_subcommand_from generate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand key; and __fish_seen_subcommand_from list" -l key -d 'Where the key is: a place, or `ask` for a hidden prompt [default: `$MCPJWT_KEY`, else the manifest\'s, else your own store]' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand key; and __fish_seen_subcommand_from list" -l key-encoding -d 'Read the text of a secret as hex, base64 or base64url instead of as it is' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand key; and __fish_seen_subcommand_from list" -l alg -d 'The algorithm it is for, where it does not say so itself' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand key; and __fish_seen_subcommand_from list" -s m -l manifest -d 'Use this manifest, or the one of that name in the config folder' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand key; and __fish_seen_subcommand_from list" -l color -d 'Use colours: auto, always or never' -r -f -a "auto\t''
always\t''
never\t''"
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand key; and __fish_seen_subcommand_from list" -l no-manifest -d 'Look for no manifest'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand key; and __fish_seen_subcommand_from list" -l json -d 'Answer with one JSON document'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand key; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Leave out notes, not warnings and errors'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand key; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand key; and __fish_seen_subcommand_from export" -l key -d 'Where the key is: a place, or `ask` for a hidden prompt [default: `$MCPJWT_KEY`, else the manifest\'s, else your own store]' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand key; and __fish_seen_subcommand_from export" -l key-encoding -d 'Read the text of a secret as hex, base64 or base64url instead of as it is' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand key; and __fish_seen_subcommand_from export" -l alg -d 'The algorithm it is for, where it does not say so itself' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand key; and __fish_seen_subcommand_from export" -l kid -d 'The key of a set [default: the current one]' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand key; and __fish_seen_subcommand_from export" -l to -d 'Write it to this place instead of standard output' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand key; and __fish_seen_subcommand_from export" -l env -d 'The variable of `--format env` [default: `JWT_SECRET`, a public key `JWT_PUBLIC_KEY`]' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand key; and __fish_seen_subcommand_from export" -l format -d 'The form: text, env, jwk, jwks or pem [default: text for a secret, else pem]' -r -f -a "text\t''
env\t''
jwk\t''
jwks\t''
pem\t''"
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand key; and __fish_seen_subcommand_from export" -s m -l manifest -d 'Use this manifest, or the one of that name in the config folder' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand key; and __fish_seen_subcommand_from export" -l color -d 'Use colours: auto, always or never' -r -f -a "auto\t''
always\t''
never\t''"
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand key; and __fish_seen_subcommand_from export" -l public -d 'Only the public part of a key pair'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand key; and __fish_seen_subcommand_from export" -l force -d 'Replace whatever the place holds'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand key; and __fish_seen_subcommand_from export" -l dry-run -d 'Show what would be written, and do nothing'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand key; and __fish_seen_subcommand_from export" -l no-manifest -d 'Look for no manifest'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand key; and __fish_seen_subcommand_from export" -l json -d 'Answer with one JSON document'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand key; and __fish_seen_subcommand_from export" -s q -l quiet -d 'Leave out notes, not warnings and errors'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand key; and __fish_seen_subcommand_from export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand key; and __fish_seen_subcommand_from import" -l from -d 'Where the key is: a place, or `ask` for a hidden prompt' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand key; and __fish_seen_subcommand_from import" -l key-encoding -d 'Read the text of a secret as hex, base64 or base64url instead of as it is' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand key; and __fish_seen_subcommand_from import" -l alg -d 'The algorithm it is for, where it does not say so itself' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand key; and __fish_seen_subcommand_from import" -s m -l manifest -d 'Use this manifest, or the one of that name in the config folder' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand key; and __fish_seen_subcommand_from import" -l color -d 'Use colours: auto, always or never' -r -f -a "auto\t''
always\t''
never\t''"
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand key; and __fish_seen_subcommand_from import" -l dry-run -d 'Show what would be imported, and keep nothing'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand key; and __fish_seen_subcommand_from import" -l no-manifest -d 'Look for no manifest'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand key; and __fish_seen_subcommand_from import" -l json -d 'Answer with one JSON document'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand key; and __fish_seen_subcommand_from import" -s q -l quiet -d 'Leave out notes, not warnings and errors'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand key; and __fish_seen_subcommand_from import" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand key; and __fish_seen_subcommand_from prune" -s m -l manifest -d 'Use this manifest, or the one of that name in the config folder' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand key; and __fish_seen_subcommand_from prune" -l color -d 'Use colours: auto, always or never' -r -f -a "auto\t''
always\t''
never\t''"
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand key; and __fish_seen_subcommand_from prune" -l yes -d 'Do not ask'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand key; and __fish_seen_subcommand_from prune" -l dry-run -d 'Show what would go, and keep it'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand key; and __fish_seen_subcommand_from prune" -l no-manifest -d 'Look for no manifest'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand key; and __fish_seen_subcommand_from prune" -l json -d 'Answer with one JSON document'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand key; and __fish_seen_subcommand_from prune" -s q -l quiet -d 'Leave out notes, not warnings and errors'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand key; and __fish_seen_subcommand_from prune" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand sync" -s m -l manifest -d 'Use this manifest, or the one of that name in the config folder' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand sync" -l color -d 'Use colours: auto, always or never' -r -f -a "auto\t''
always\t''
never\t''"
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand sync" -l key -d 'Where the key is: a place, or `ask` for a hidden prompt [default: the manifest\'s]' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand sync" -l key-encoding -d 'Read the text of a secret as hex, base64 or base64url instead of as it is' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand sync" -l alg -d 'The algorithm to sign by, where the key leaves it open [default: the manifest\'s, else by the kind of key]' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand sync" -l no-manifest -d 'Look for no manifest'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand sync" -l json -d 'Answer with one JSON document'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand sync" -s q -l quiet -d 'Leave out notes, not warnings and errors'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand sync" -l check -d 'Write nothing, and exit with 1 where something is to be done'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand sync" -l renew -d 'Mint every token anew'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand sync" -l no-record -d 'Keep no record in the ledger'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand sync" -l dry-run -d 'Show what would be written, and do nothing'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand sync" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand install" -s m -l manifest -d 'Use this manifest, or the one of that name in the config folder' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand install" -l color -d 'Use colours: auto, always or never' -r -f -a "auto\t''
always\t''
never\t''"
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand install" -l to -d 'The place to write it to; repeat for several' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand install" -l env -d 'The variable of a server entry that carries the token' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand install" -l header -d 'The header of a server entry that carries the bare token [default: `Authorization`, as `Bearer`]' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand install" -l mode -d 'How the token gets to the server: literal, helper, env, input, file or exec [default: literal]' -r -f -a "literal\t''
helper\t''
env\t''
input\t''
file\t''
exec\t''"
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand install" -l url -d 'Make the server entry if there is none: a server at this URL' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand install" -l no-manifest -d 'Look for no manifest'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand install" -l json -d 'Answer with one JSON document'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand install" -s q -l quiet -d 'Leave out notes, not warnings and errors'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand install" -l opaque -d 'Take a token that is no JWT'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand install" -l force -d 'Replace whatever a place holds, and write into files that git has'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand install" -l no-record -d 'Keep no record in the ledger'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand install" -l dry-run -d 'Show what would be written, and do nothing'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand install" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand uninstall" -s m -l manifest -d 'Use this manifest, or the one of that name in the config folder' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand uninstall" -l color -d 'Use colours: auto, always or never' -r -f -a "auto\t''
always\t''
never\t''"
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand uninstall" -l sub -d 'Every place that holds a token of this subject, by the ledger' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand uninstall" -l no-manifest -d 'Look for no manifest'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand uninstall" -l json -d 'Answer with one JSON document'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand uninstall" -s q -l quiet -d 'Leave out notes, not warnings and errors'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand uninstall" -l all -d 'Every place that holds a token, by the ledger'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand uninstall" -l yes -d 'Do not ask'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand uninstall" -l force -d 'Take out a value that is no token, too'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand uninstall" -l no-record -d 'Keep no record in the ledger, which then has the token there still'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand uninstall" -l dry-run -d 'Show what would change, and do nothing'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand uninstall" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand headers" -s m -l manifest -d 'Use this manifest, or the one of that name in the config folder' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand headers" -l color -d 'Use colours: auto, always or never' -r -f -a "auto\t''
always\t''
never\t''"
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand headers" -l iss -d 'Who issues it, its `iss` [default: `$MCPJWT_ISS`, else the manifest\'s, else `mcpjwt`]' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand headers" -l aud -d 'The server it is for, its `aud`; repeat for several [default: `$MCPJWT_AUD`, else the manifest\'s, else `mcp`]' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand headers" -l scope -d 'A scope; repeat for several' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand headers" -l role -d 'The `role` claim' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand headers" -l name -d 'The `name` claim' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand headers" -l quota -d 'The `quota` claim, a whole number above 0' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand headers" -l client-id -d 'The `client_id` claim (RFC 8693)' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand headers" -l claim -d 'Another claim: NAME=TEXT, or NAME:=JSON; repeat for several' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand headers" -l claims-file -d 'A place that holds a JSON object of other claims' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand headers" -l typ -d 'The media type in the header [default: JWT]' -r -f -a "JWT\t''
at+jwt\t''"
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand headers" -l ttl -d 'How long it lasts, such as 1h [default: the manifest\'s `helper-ttl`, else 12h]' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand headers" -l key -d 'Where the key is: a place [default: the manifest\'s; without a manifest `$MCPJWT_KEY`, else your own store]' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand headers" -l key-encoding -d 'Read the text of a secret as hex, base64 or base64url instead of as it is' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand headers" -l kid -d 'The key of a set to sign with [default: the current one]' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand headers" -l alg -d 'The algorithm to sign by, where the key leaves it open [default: the manifest\'s, else by the kind of key]' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand headers" -l format -d 'What to print: an object of headers, one header, or the bare token' -r -f -a "json\t''
header\t''
token\t''"
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand headers" -l no-manifest -d 'Look for no manifest'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand headers" -l json -d 'Answer with one JSON document'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand headers" -s q -l quiet -d 'Leave out notes, not warnings and errors'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand headers" -l no-record -d 'Keep no record in the ledger'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand headers" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand exec" -s m -l manifest -d 'Use this manifest, or the one of that name in the config folder' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand exec" -l color -d 'Use colours: auto, always or never' -r -f -a "auto\t''
always\t''
never\t''"
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand exec" -l iss -d 'Who issues it, its `iss` [default: `$MCPJWT_ISS`, else the manifest\'s, else `mcpjwt`]' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand exec" -l aud -d 'The server it is for, its `aud`; repeat for several [default: `$MCPJWT_AUD`, else the manifest\'s, else `mcp`]' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand exec" -l scope -d 'A scope; repeat for several' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand exec" -l role -d 'The `role` claim' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand exec" -l name -d 'The `name` claim' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand exec" -l quota -d 'The `quota` claim, a whole number above 0' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand exec" -l client-id -d 'The `client_id` claim (RFC 8693)' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand exec" -l claim -d 'Another claim: NAME=TEXT, or NAME:=JSON; repeat for several' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand exec" -l claims-file -d 'A place that holds a JSON object of other claims' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand exec" -l typ -d 'The media type in the header [default: JWT]' -r -f -a "JWT\t''
at+jwt\t''"
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand exec" -l ttl -d 'How long it lasts, such as 1h [default: the manifest\'s `helper-ttl`, else 12h]' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand exec" -l key -d 'Where the key is: a place [default: the manifest\'s; without a manifest `$MCPJWT_KEY`, else your own store]' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand exec" -l key-encoding -d 'Read the text of a secret as hex, base64 or base64url instead of as it is' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand exec" -l kid -d 'The key of a set to sign with [default: the current one]' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand exec" -l alg -d 'The algorithm to sign by, where the key leaves it open [default: the manifest\'s, else by the kind of key]' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand exec" -l env -d 'The variable for the token [default: the manifest\'s, else `MCP_TOKEN`]' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand exec" -l no-manifest -d 'Look for no manifest'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand exec" -l json -d 'Answer with one JSON document'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand exec" -s q -l quiet -d 'Leave out notes, not warnings and errors'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand exec" -l no-record -d 'Keep no record in the ledger'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand exec" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand init" -s m -l manifest -d 'Use this manifest, or the one of that name in the config folder' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand init" -l color -d 'Use colours: auto, always or never' -r -f -a "auto\t''
always\t''
never\t''"
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand init" -l key -d 'Where the key is [default: the secret that is found, else your own store]' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand init" -l iss -d 'Who issues the tokens [default: what is found]' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand init" -l aud -d 'The server they are for [default: what is found]' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand init" -l ttl -d 'How long tokens last [default: as those that are found, at most 90d]' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand init" -l scan -d 'Look into this file or folder, not into the folder of the manifest' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand init" -l to -d 'Write the manifest there, as with `-m` [default: `mcpjwt.toml` in this folder]' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand init" -l no-manifest -d 'Look for no manifest'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand init" -l json -d 'Answer with one JSON document'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand init" -s q -l quiet -d 'Leave out notes, not warnings and errors'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand init" -l user -d 'Write it into your config folder, from the configs of your clients'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand init" -s y -l yes -d 'Do not ask'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand init" -l dry-run -d 'Show the manifest and write nothing'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand init" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand add" -s m -l manifest -d 'Use this manifest, or the one of that name in the config folder' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand add" -l color -d 'Use colours: auto, always or never' -r -f -a "auto\t''
always\t''
never\t''"
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand add" -l to -d 'A place to put it into; repeat for several' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand add" -l ttl -d 'How long it lasts [default: as the others]' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand add" -l aud -d 'The server it is for, its `aud`; repeat for several [default: that of the others]' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand add" -l scope -d 'A scope; repeat for several' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand add" -l role -d 'The `role` claim' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand add" -l name -d 'The `name` claim' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand add" -l quota -d 'The `quota` claim, a whole number above 0' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand add" -l client-id -d 'The `client_id` claim (RFC 8693)' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand add" -l claim -d 'Another claim: NAME=TEXT, or NAME:=JSON; repeat for several' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand add" -l claims-file -d 'A place that holds a JSON object of other claims' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand add" -l typ -d 'The media type in the header [default: JWT]' -r -f -a "JWT\t''
at+jwt\t''"
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand add" -l env -d 'The variable of a server entry that carries the token' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand add" -l header -d 'The header of a server entry that carries the bare token [default: `Authorization`, as `Bearer`]' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand add" -l mode -d 'How the token gets to the server: literal, helper, env, input, file or exec [default: literal]' -r -f -a "literal\t''
helper\t''
env\t''
input\t''
file\t''
exec\t''"
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand add" -l url -d 'Make the server entry if there is none: a server at this URL' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand add" -l no-manifest -d 'Look for no manifest'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand add" -l json -d 'Answer with one JSON document'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand add" -s q -l quiet -d 'Leave out notes, not warnings and errors'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand add" -l dry-run -d 'Show what would be written, and do nothing'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand add" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand remove" -s m -l manifest -d 'Use this manifest, or the one of that name in the config folder' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand remove" -l color -d 'Use colours: auto, always or never' -r -f -a "auto\t''
always\t''
never\t''"
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand remove" -l no-manifest -d 'Look for no manifest'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand remove" -l json -d 'Answer with one JSON document'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand remove" -s q -l quiet -d 'Leave out notes, not warnings and errors'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand remove" -s y -l yes -d 'Do not ask'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand remove" -l dry-run -d 'Show what would go, and do nothing'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand remove" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand clients" -s m -l manifest -d 'Use this manifest, or the one of that name in the config folder' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand clients" -l color -d 'Use colours: auto, always or never' -r -f -a "auto\t''
always\t''
never\t''"
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand clients" -l no-manifest -d 'Look for no manifest'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand clients" -l json -d 'Answer with one JSON document'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand clients" -s q -l quiet -d 'Leave out notes, not warnings and errors'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand clients" -l all -d 'Show where the configs of the others would be, too'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand clients" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand status" -s m -l manifest -d 'Use this manifest, or the one of that name in the config folder' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand status" -l color -d 'Use colours: auto, always or never' -r -f -a "auto\t''
always\t''
never\t''"
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand status" -l within -d 'Exit with 3 when one expires within this time' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand status" -l at -d 'Judge as of this time [default: now]' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand status" -l no-manifest -d 'Look for no manifest'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand status" -l json -d 'Answer with one JSON document'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand status" -s q -l quiet -d 'Leave out notes, not warnings and errors'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand status" -l scan -d 'Look into the config of every known client on this machine, too'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand rotate-secret" -s m -l manifest -d 'Use this manifest, or the one of that name in the config folder' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand rotate-secret" -l color -d 'Use colours: auto, always or never' -r -f -a "auto\t''
always\t''
never\t''"
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand rotate-secret" -l key -d 'Where the key is: a place, or `ask` for a hidden prompt [default: `$MCPJWT_KEY`, else the manifest\'s, else your own store]' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand rotate-secret" -l key-encoding -d 'Read the text of a secret as hex, base64 or base64url instead of as it is' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand rotate-secret" -l grace -d 'Accept the old key for exactly this long, and tell whose tokens that cuts short' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand rotate-secret" -l alg -d 'The algorithm of the new key [default: that of the old one]' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand rotate-secret" -l previous -d 'Where the old key is kept until then [default: the manifest\'s `previous`]' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand rotate-secret" -l no-manifest -d 'Look for no manifest'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand rotate-secret" -l json -d 'Answer with one JSON document'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand rotate-secret" -s q -l quiet -d 'Leave out notes, not warnings and errors'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand rotate-secret" -l stage -d 'Make the next key and store it; sign nothing with it before the next rotation'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand rotate-secret" -l abort -d 'Take the staged key back: it goes from where it is, and nothing else changes'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand rotate-secret" -l now -d 'Accept the old key no longer, and tell whose tokens that ends'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand rotate-secret" -l reissue -d 'Mint every token of the manifest anew with the new key, and put each into its places'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand rotate-secret" -l force -d 'Write keys into files that git has or would take, too'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand rotate-secret" -l yes -d 'Do not ask'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand rotate-secret" -l dry-run -d 'Show what would change, and do nothing'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand rotate-secret" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand revoke" -s m -l manifest -d 'Use this manifest, or the one of that name in the config folder' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand revoke" -l color -d 'Use colours: auto, always or never' -r -f -a "auto\t''
always\t''
never\t''"
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand revoke" -l jti -d 'The token of this id' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand revoke" -l sub -d 'Every token of this subject up to now' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand revoke" -l kid -d 'Every token of this key' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand revoke" -l run -d 'Every token of one run of `issue --from`, by the id that theirs begin with' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand revoke" -l iss -d 'The issuer of the token or subject [default: as the ledger knows it, else as `issue` has it]' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand revoke" -l reason -d 'Why, for whoever meets it' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand revoke" -l redis -d 'Tell this Redis server too, under `blacklist:ID` and `blacklist:TOKEN`; a URL with a password only in a place' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand revoke" -l no-manifest -d 'Look for no manifest'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand revoke" -l json -d 'Answer with one JSON document'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand revoke" -s q -l quiet -d 'Leave out notes, not warnings and errors'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand revoke" -l list -d 'Show what was revoked; with --json, for other programs'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand revoke" -l force -d 'Revoke what the token claims to be although its signature does not fit'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand revoke" -l yes -d 'Do not ask'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand revoke" -l no-record -d 'Keep no record in the ledger'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand revoke" -l dry-run -d 'Show what would be revoked, and do nothing'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand revoke" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand log" -s m -l manifest -d 'Use this manifest, or the one of that name in the config folder' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand log" -l color -d 'Use colours: auto, always or never' -r -f -a "auto\t''
always\t''
never\t''"
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand log" -l sub -d 'Only of this subject' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand log" -l since -d 'Only from this time on: a date, RFC 3339, unix seconds, or -24h' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand log" -l no-manifest -d 'Look for no manifest'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand log" -l json -d 'Answer with one JSON document'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand log" -s q -l quiet -d 'Leave out notes, not warnings and errors'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand log" -l stats -d 'Count per subject: tokens, when the last one was issued, when the next one expires'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand log" -s f -l follow -d 'Wait for more, and show it as it comes'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand log" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand doctor" -s m -l manifest -d 'Use this manifest, or the one of that name in the config folder' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand doctor" -l color -d 'Use colours: auto, always or never' -r -f -a "auto\t''
always\t''
never\t''"
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand doctor" -l no-manifest -d 'Look for no manifest'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand doctor" -l json -d 'Answer with one JSON document'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand doctor" -s q -l quiet -d 'Leave out notes, not warnings and errors'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand doctor" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand jwks" -s m -l manifest -d 'Use this manifest, or the one of that name in the config folder' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand jwks" -l color -d 'Use colours: auto, always or never' -r -f -a "auto\t''
always\t''
never\t''"
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand jwks" -l key -d 'Where the key is: a place, or `ask` for a hidden prompt [default: `$MCPJWT_KEY`, else the manifest\'s, else your own store]' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand jwks" -l key-encoding -d 'Read the text of a secret as hex, base64 or base64url instead of as it is' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand jwks" -l alg -d 'The algorithm it is for, where it does not say so itself' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand jwks" -l to -d 'Write it to this place instead of standard output' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand jwks" -l no-manifest -d 'Look for no manifest'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand jwks" -l json -d 'Answer with one JSON document'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand jwks" -s q -l quiet -d 'Leave out notes, not warnings and errors'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand jwks" -l force -d 'Replace whatever the place holds, but for a private key'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand jwks" -l dry-run -d 'Show what would be written, and do nothing'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand jwks" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand trust" -s m -l manifest -d 'Use this manifest, or the one of that name in the config folder' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand trust" -l color -d 'Use colours: auto, always or never' -r -f -a "auto\t''
always\t''
never\t''"
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand trust" -l no-manifest -d 'Look for no manifest'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand trust" -l json -d 'Answer with one JSON document'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand trust" -s q -l quiet -d 'Leave out notes, not warnings and errors'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand trust" -s y -l yes -d 'Do not ask'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand trust" -l dry-run -d 'Show what it wants and how it stands, and do nothing'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand trust" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand completions" -s m -l manifest -d 'Use this manifest, or the one of that name in the config folder' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand completions" -l color -d 'Use colours: auto, always or never' -r -f -a "auto\t''
always\t''
never\t''"
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand completions" -l no-manifest -d 'Look for no manifest'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand completions" -l json -d 'Answer with one JSON document'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand completions" -s q -l quiet -d 'Leave out notes, not warnings and errors'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand completions" -s h -l help -d 'Print help'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand man" -s m -l manifest -d 'Use this manifest, or the one of that name in the config folder' -r
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand man" -l color -d 'Use colours: auto, always or never' -r -f -a "auto\t''
always\t''
never\t''"
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand man" -l no-manifest -d 'Look for no manifest'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand man" -l json -d 'Answer with one JSON document'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand man" -s q -l quiet -d 'Leave out notes, not warnings and errors'
complete -c mcpjwt -n "__fish_mcpjwt_using_subcommand man" -s h -l help -d 'Print help (see more with \'--help\')'
