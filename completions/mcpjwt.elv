
use builtin;
use str;

set edit:completion:arg-completer[mcpjwt] = {|@words|
    fn spaces {|n|
        builtin:repeat $n ' ' | str:join ''
    }
    fn cand {|text desc|
        edit:complex-candidate $text &display=$text' '(spaces (- 14 (wcswidth $text)))$desc
    }
    var command = 'mcpjwt'
    for word $words[1..-1] {
        if (str:has-prefix $word '-') {
            break
        }
        set command = $command';'$word
    }
    var completions = [
        &'mcpjwt'= {
            cand --color 'Use colours: auto, always or never'
            cand --json 'Answer with one JSON document'
            cand -q 'Leave out notes, not warnings and errors'
            cand --quiet 'Leave out notes, not warnings and errors'
            cand -h 'Print help'
            cand --help 'Print help'
            cand -V 'Print version'
            cand --version 'Print version'
            cand issue 'Mint a token'
            cand verify 'Judge a token, and say why it is refused'
            cand decode 'Show what is in a token, without judging it'
            cand expiry 'Say when tokens expire'
            cand secret 'Make, list, export and import keys'
            cand key 'Make, list, export and import keys'
            cand jwks 'Publish the public keys as a JWK Set'
            cand completions 'Print the completions of a shell'
            cand man 'Print the manual'
        }
        &'mcpjwt;issue'= {
            cand --color 'Use colours: auto, always or never'
            cand --sub 'Who the token is for, its `sub`; repeat for several tokens'
            cand --iss 'Who issues it, its `iss` [default: $MCPJWT_ISS, else `mcpjwt`]'
            cand --aud 'The server it is for, its `aud`; repeat for several [default: $MCPJWT_AUD, else `mcp`]'
            cand --ttl 'How long it lasts, such as 12h or 90d [default: $MCPJWT_TTL, else 24h, into a place 30d]'
            cand --exp 'When it expires: a date, RFC 3339, unix seconds, or +90d'
            cand --nbf 'Not valid before this time'
            cand --at 'Mint as of this time'
            cand --scope 'A scope; repeat for several'
            cand --role 'The `role` claim'
            cand --name 'The `name` claim'
            cand --quota 'The `quota` claim, a whole number above 0'
            cand --client-id 'The `client_id` claim (RFC 8693)'
            cand --claim 'Another claim: NAME=TEXT, or NAME:=JSON; repeat for several'
            cand --claims-file 'A place that holds a JSON object of other claims'
            cand --jti 'The token''s own id [default: random]'
            cand --typ 'The media type in the header'
            cand --key 'Where the key is: a place, or `ask` for a hidden prompt [default: $MCPJWT_KEY, else your own store]'
            cand --key-encoding 'Read the text of a secret as hex, base64 or base64url instead of as it is'
            cand --kid 'The key of a set to sign with [default: the current one]'
            cand --alg 'The algorithm to sign by, where the key leaves it open [default: by the kind of key]'
            cand --refresh-ttl 'How long the refresh token of `--pair` lasts [default: 90d]'
            cand --to 'Write the token to this place instead of standard output (`-`); repeat for several'
            cand --format 'What to write: the bare token, `NAME=token`, or an `Authorization` header'
            cand --env 'The variable of `--format env` [default: `MCP_TOKEN`]'
            cand --json 'Answer with one JSON document'
            cand -q 'Leave out notes, not warnings and errors'
            cand --quiet 'Leave out notes, not warnings and errors'
            cand --pair 'Mint an access and a refresh token, as an OAuth token response'
            cand --force 'Replace whatever a place holds'
            cand --no-record 'Keep no record in the ledger'
            cand --dry-run 'Show what would be minted and written, and do nothing'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'mcpjwt;verify'= {
            cand --color 'Use colours: auto, always or never'
            cand --key 'Where the key is: a place, or `ask` for a hidden prompt [default: $MCPJWT_KEY, else your own store]'
            cand --key-encoding 'Read the text of a secret as hex, base64 or base64url instead of as it is'
            cand --jwks 'A JWK Set of public keys: a place or a URL'
            cand --previous 'A place of previous keys, tried when the signature is not of the current one'
            cand --alg 'Allow only this algorithm; repeat for several [default: the key''s own]'
            cand --iss 'Demand this issuer; repeat: any of them [default: $MCPJWT_ISS]'
            cand --aud 'Demand this audience; repeat: any of them [default: $MCPJWT_AUD]'
            cand --sub 'Demand this subject'
            cand --typ 'Demand this media type in the header, such as at+jwt'
            cand --scope 'Demand this scope; repeat: all of them'
            cand --role 'Demand this role'
            cand --expect 'Demand a claim: NAME=TEXT, or NAME:=JSON; repeat for several'
            cand --require 'Demand that a claim is there, besides `exp`; `none`: not even that'
            cand --max-age 'Refuse tokens issued longer ago'
            cand --leeway 'How far clocks may differ [default: 0s]'
            cand --at 'Judge as of this time [default: now]'
            cand --json 'Answer with one JSON document'
            cand -q 'Leave out notes, not warnings and errors'
            cand --quiet 'Leave out notes, not warnings and errors'
            cand --signature-only 'Check the signature alone; the payload may be anything'
            cand --allow-weak-key 'Accept a key that is too short or published; for reading others'' tokens'
            cand --strict 'Insist on issuer and audience: both must be demanded'
            cand --exact 'Take the token byte by byte: do not take off white space, quotes or `Bearer`'
            cand --batch 'Judge a token a line; answer `ok` or the codes, a tab, and the subject'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'mcpjwt;decode'= {
            cand --color 'Use colours: auto, always or never'
            cand --at 'Tell times relative to this one [default: now]'
            cand --json 'Answer with one JSON document'
            cand -q 'Leave out notes, not warnings and errors'
            cand --quiet 'Leave out notes, not warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'mcpjwt;expiry'= {
            cand --color 'Use colours: auto, always or never'
            cand --within 'Exit with 3 when one expires within this time'
            cand --at 'Judge as of this time [default: now]'
            cand --json 'Answer with one JSON document'
            cand -q 'Leave out notes, not warnings and errors'
            cand --quiet 'Leave out notes, not warnings and errors'
            cand --require-exp 'Refuse a token without `exp`'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'mcpjwt;secret'= {
            cand --color 'Use colours: auto, always or never'
            cand --json 'Answer with one JSON document'
            cand -q 'Leave out notes, not warnings and errors'
            cand --quiet 'Leave out notes, not warnings and errors'
            cand -h 'Print help'
            cand --help 'Print help'
            cand generate 'Make the first key'
            cand list 'List keys, without their material'
            cand export 'Export a key for a server'
            cand import 'Import keys into your own store'
            cand prune 'Forget keys that are no longer accepted'
        }
        &'mcpjwt;key'= {
            cand --color 'Use colours: auto, always or never'
            cand --json 'Answer with one JSON document'
            cand -q 'Leave out notes, not warnings and errors'
            cand --quiet 'Leave out notes, not warnings and errors'
            cand -h 'Print help'
            cand --help 'Print help'
            cand generate 'Make the first key'
            cand list 'List keys, without their material'
            cand export 'Export a key for a server'
            cand import 'Import keys into your own store'
            cand prune 'Forget keys that are no longer accepted'
        }
        &'mcpjwt;secret;generate'= {
            cand --alg 'The algorithm the key is for [default: HS256]'
            cand --bytes 'How many random bytes a secret has [default: as many as the algorithm requires]'
            cand --to 'Write it to this place and nowhere else'
            cand --store 'Keep your own store in a file or in the keyring [default: file]'
            cand --encoding 'How the text of a secret is written [default: hex]'
            cand --color 'Use colours: auto, always or never'
            cand --print 'Print it and keep nothing'
            cand --dry-run 'Show what would be made, and make nothing'
            cand --json 'Answer with one JSON document'
            cand -q 'Leave out notes, not warnings and errors'
            cand --quiet 'Leave out notes, not warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'mcpjwt;key;generate'= {
            cand --alg 'The algorithm the key is for [default: HS256]'
            cand --bytes 'How many random bytes a secret has [default: as many as the algorithm requires]'
            cand --to 'Write it to this place and nowhere else'
            cand --store 'Keep your own store in a file or in the keyring [default: file]'
            cand --encoding 'How the text of a secret is written [default: hex]'
            cand --color 'Use colours: auto, always or never'
            cand --print 'Print it and keep nothing'
            cand --dry-run 'Show what would be made, and make nothing'
            cand --json 'Answer with one JSON document'
            cand -q 'Leave out notes, not warnings and errors'
            cand --quiet 'Leave out notes, not warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'mcpjwt;secret;list'= {
            cand --key 'Where the key is: a place, or `ask` for a hidden prompt [default: $MCPJWT_KEY, else your own store]'
            cand --key-encoding 'Read the text of a secret as hex, base64 or base64url instead of as it is'
            cand --color 'Use colours: auto, always or never'
            cand --json 'Answer with one JSON document'
            cand -q 'Leave out notes, not warnings and errors'
            cand --quiet 'Leave out notes, not warnings and errors'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'mcpjwt;key;list'= {
            cand --key 'Where the key is: a place, or `ask` for a hidden prompt [default: $MCPJWT_KEY, else your own store]'
            cand --key-encoding 'Read the text of a secret as hex, base64 or base64url instead of as it is'
            cand --color 'Use colours: auto, always or never'
            cand --json 'Answer with one JSON document'
            cand -q 'Leave out notes, not warnings and errors'
            cand --quiet 'Leave out notes, not warnings and errors'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'mcpjwt;secret;export'= {
            cand --key 'Where the key is: a place, or `ask` for a hidden prompt [default: $MCPJWT_KEY, else your own store]'
            cand --key-encoding 'Read the text of a secret as hex, base64 or base64url instead of as it is'
            cand --kid 'The key of a set [default: the current one]'
            cand --to 'Write it to this place instead of standard output'
            cand --env 'The variable of `--format env` [default: `JWT_SECRET`, a public key `JWT_PUBLIC_KEY`]'
            cand --format 'The form: text, env, jwk, jwks or pem [default: text for a secret, else pem]'
            cand --color 'Use colours: auto, always or never'
            cand --public 'Only the public part of a key pair'
            cand --force 'Replace whatever the place holds'
            cand --json 'Answer with one JSON document'
            cand -q 'Leave out notes, not warnings and errors'
            cand --quiet 'Leave out notes, not warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'mcpjwt;key;export'= {
            cand --key 'Where the key is: a place, or `ask` for a hidden prompt [default: $MCPJWT_KEY, else your own store]'
            cand --key-encoding 'Read the text of a secret as hex, base64 or base64url instead of as it is'
            cand --kid 'The key of a set [default: the current one]'
            cand --to 'Write it to this place instead of standard output'
            cand --env 'The variable of `--format env` [default: `JWT_SECRET`, a public key `JWT_PUBLIC_KEY`]'
            cand --format 'The form: text, env, jwk, jwks or pem [default: text for a secret, else pem]'
            cand --color 'Use colours: auto, always or never'
            cand --public 'Only the public part of a key pair'
            cand --force 'Replace whatever the place holds'
            cand --json 'Answer with one JSON document'
            cand -q 'Leave out notes, not warnings and errors'
            cand --quiet 'Leave out notes, not warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'mcpjwt;secret;import'= {
            cand --from 'Where the key is: a place, or `ask` for a hidden prompt'
            cand --key-encoding 'Read the text of a secret as hex, base64 or base64url instead of as it is'
            cand --alg 'The algorithm it is for, where it does not say so itself'
            cand --color 'Use colours: auto, always or never'
            cand --json 'Answer with one JSON document'
            cand -q 'Leave out notes, not warnings and errors'
            cand --quiet 'Leave out notes, not warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'mcpjwt;key;import'= {
            cand --from 'Where the key is: a place, or `ask` for a hidden prompt'
            cand --key-encoding 'Read the text of a secret as hex, base64 or base64url instead of as it is'
            cand --alg 'The algorithm it is for, where it does not say so itself'
            cand --color 'Use colours: auto, always or never'
            cand --json 'Answer with one JSON document'
            cand -q 'Leave out notes, not warnings and errors'
            cand --quiet 'Leave out notes, not warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'mcpjwt;secret;prune'= {
            cand --color 'Use colours: auto, always or never'
            cand --yes 'Do not ask'
            cand --dry-run 'Show what would go, and keep it'
            cand --json 'Answer with one JSON document'
            cand -q 'Leave out notes, not warnings and errors'
            cand --quiet 'Leave out notes, not warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'mcpjwt;key;prune'= {
            cand --color 'Use colours: auto, always or never'
            cand --yes 'Do not ask'
            cand --dry-run 'Show what would go, and keep it'
            cand --json 'Answer with one JSON document'
            cand -q 'Leave out notes, not warnings and errors'
            cand --quiet 'Leave out notes, not warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'mcpjwt;jwks'= {
            cand --color 'Use colours: auto, always or never'
            cand --key 'Where the key is: a place, or `ask` for a hidden prompt [default: $MCPJWT_KEY, else your own store]'
            cand --key-encoding 'Read the text of a secret as hex, base64 or base64url instead of as it is'
            cand --to 'Write it to this place instead of standard output'
            cand --json 'Answer with one JSON document'
            cand -q 'Leave out notes, not warnings and errors'
            cand --quiet 'Leave out notes, not warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'mcpjwt;completions'= {
            cand --color 'Use colours: auto, always or never'
            cand --json 'Answer with one JSON document'
            cand -q 'Leave out notes, not warnings and errors'
            cand --quiet 'Leave out notes, not warnings and errors'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'mcpjwt;man'= {
            cand --color 'Use colours: auto, always or never'
            cand --json 'Answer with one JSON document'
            cand -q 'Leave out notes, not warnings and errors'
            cand --quiet 'Leave out notes, not warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
    ]
    $completions[$command]
}
