
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'mcpjwt' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'mcpjwt'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'mcpjwt' {
            [CompletionResult]::new('-m', '-m', [CompletionResultType]::ParameterName, 'Use this manifest, or the one of that name in the config folder')
            [CompletionResult]::new('--manifest', '--manifest', [CompletionResultType]::ParameterName, 'Use this manifest, or the one of that name in the config folder')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours: auto, always or never')
            [CompletionResult]::new('--no-manifest', '--no-manifest', [CompletionResultType]::ParameterName, 'Look for no manifest')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Answer with one JSON document')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out notes, not warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out notes, not warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('issue', 'issue', [CompletionResultType]::ParameterValue, 'Mint a token')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Judge a token, and say why it is refused')
            [CompletionResult]::new('decode', 'decode', [CompletionResultType]::ParameterValue, 'Show what is in a token, without judging it')
            [CompletionResult]::new('expiry', 'expiry', [CompletionResultType]::ParameterValue, 'Say when tokens expire')
            [CompletionResult]::new('secret', 'secret', [CompletionResultType]::ParameterValue, 'Make, list, export and import keys')
            [CompletionResult]::new('key', 'key', [CompletionResultType]::ParameterValue, 'Make, list, export and import keys')
            [CompletionResult]::new('install', 'install', [CompletionResultType]::ParameterValue, 'Put a token where its client reads it')
            [CompletionResult]::new('uninstall', 'uninstall', [CompletionResultType]::ParameterValue, 'Take tokens out of their places again')
            [CompletionResult]::new('jwks', 'jwks', [CompletionResultType]::ParameterValue, 'Publish the public keys as a JWK Set')
            [CompletionResult]::new('trust', 'trust', [CompletionResultType]::ParameterValue, 'Allow a manifest what it wants')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print the completions of a shell')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Print the manual')
            break
        }
        'mcpjwt;issue' {
            [CompletionResult]::new('-m', '-m', [CompletionResultType]::ParameterName, 'Use this manifest, or the one of that name in the config folder')
            [CompletionResult]::new('--manifest', '--manifest', [CompletionResultType]::ParameterName, 'Use this manifest, or the one of that name in the config folder')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours: auto, always or never')
            [CompletionResult]::new('--sub', '--sub', [CompletionResultType]::ParameterName, 'Who the token is for, its `sub`; repeat for several tokens')
            [CompletionResult]::new('--iss', '--iss', [CompletionResultType]::ParameterName, 'Who issues it, its `iss` [default: `$MCPJWT_ISS`, else the manifest''s, else `mcpjwt`]')
            [CompletionResult]::new('--aud', '--aud', [CompletionResultType]::ParameterName, 'The server it is for, its `aud`; repeat for several [default: `$MCPJWT_AUD`, else the manifest''s, else `mcp`]')
            [CompletionResult]::new('--scope', '--scope', [CompletionResultType]::ParameterName, 'A scope; repeat for several')
            [CompletionResult]::new('--role', '--role', [CompletionResultType]::ParameterName, 'The `role` claim')
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'The `name` claim')
            [CompletionResult]::new('--quota', '--quota', [CompletionResultType]::ParameterName, 'The `quota` claim, a whole number above 0')
            [CompletionResult]::new('--client-id', '--client-id', [CompletionResultType]::ParameterName, 'The `client_id` claim (RFC 8693)')
            [CompletionResult]::new('--claim', '--claim', [CompletionResultType]::ParameterName, 'Another claim: NAME=TEXT, or NAME:=JSON; repeat for several')
            [CompletionResult]::new('--claims-file', '--claims-file', [CompletionResultType]::ParameterName, 'A place that holds a JSON object of other claims')
            [CompletionResult]::new('--typ', '--typ', [CompletionResultType]::ParameterName, 'The media type in the header [default: JWT]')
            [CompletionResult]::new('--ttl', '--ttl', [CompletionResultType]::ParameterName, 'How long it lasts, such as 12h or 90d [default: `$MCPJWT_TTL`, else the manifest''s, else 24h, into a place 30d]')
            [CompletionResult]::new('--exp', '--exp', [CompletionResultType]::ParameterName, 'When it expires: a date, RFC 3339, unix seconds, or +90d')
            [CompletionResult]::new('--nbf', '--nbf', [CompletionResultType]::ParameterName, 'Not valid before this time')
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'Mint as of this time')
            [CompletionResult]::new('--jti', '--jti', [CompletionResultType]::ParameterName, 'The token''s own id [default: random]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Where the key is: a place, or `ask` for a hidden prompt [default: `$MCPJWT_KEY`, else the manifest''s, else your own store]')
            [CompletionResult]::new('--key-encoding', '--key-encoding', [CompletionResultType]::ParameterName, 'Read the text of a secret as hex, base64 or base64url instead of as it is')
            [CompletionResult]::new('--kid', '--kid', [CompletionResultType]::ParameterName, 'The key of a set to sign with [default: the current one]')
            [CompletionResult]::new('--alg', '--alg', [CompletionResultType]::ParameterName, 'The algorithm to sign by, where the key leaves it open [default: by the kind of key]')
            [CompletionResult]::new('--refresh-ttl', '--refresh-ttl', [CompletionResultType]::ParameterName, 'How long the refresh token of `--pair` lasts [default: 90d]')
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'Write the token to this place instead of standard output (`-`); repeat for several')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'What to write: the bare token, `NAME=token`, or an `Authorization` header')
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'The variable of `--format env` [default: `MCP_TOKEN`], or of a server entry')
            [CompletionResult]::new('--header', '--header', [CompletionResultType]::ParameterName, 'The header of a server entry that carries the bare token [default: `Authorization`, as `Bearer`]')
            [CompletionResult]::new('--mode', '--mode', [CompletionResultType]::ParameterName, 'How the token gets to the server: literal, helper, env, input, file or exec [default: literal]')
            [CompletionResult]::new('--url', '--url', [CompletionResultType]::ParameterName, 'Make the server entry if there is none: a server at this URL')
            [CompletionResult]::new('--no-manifest', '--no-manifest', [CompletionResultType]::ParameterName, 'Look for no manifest')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Answer with one JSON document')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out notes, not warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out notes, not warnings and errors')
            [CompletionResult]::new('--plain', '--plain', [CompletionResultType]::ParameterName, 'Do not start from the token of that name or subject in the manifest')
            [CompletionResult]::new('--pair', '--pair', [CompletionResultType]::ParameterName, 'Mint an access and a refresh token, as an OAuth token response')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Replace whatever a place holds, and write into files that git has')
            [CompletionResult]::new('--no-record', '--no-record', [CompletionResultType]::ParameterName, 'Keep no record in the ledger')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be minted and written, and do nothing')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mcpjwt;verify' {
            [CompletionResult]::new('-m', '-m', [CompletionResultType]::ParameterName, 'Use this manifest, or the one of that name in the config folder')
            [CompletionResult]::new('--manifest', '--manifest', [CompletionResultType]::ParameterName, 'Use this manifest, or the one of that name in the config folder')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours: auto, always or never')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Where the key is: a place, or `ask` for a hidden prompt [default: `$MCPJWT_KEY`, else the manifest''s, else your own store]')
            [CompletionResult]::new('--key-encoding', '--key-encoding', [CompletionResultType]::ParameterName, 'Read the text of a secret as hex, base64 or base64url instead of as it is')
            [CompletionResult]::new('--jwks', '--jwks', [CompletionResultType]::ParameterName, 'A JWK Set of public keys: a place or a URL')
            [CompletionResult]::new('--previous', '--previous', [CompletionResultType]::ParameterName, 'A place of previous keys, tried when the signature is not of the current one')
            [CompletionResult]::new('--alg', '--alg', [CompletionResultType]::ParameterName, 'Allow only this algorithm; repeat for several [default: the key''s own]')
            [CompletionResult]::new('--iss', '--iss', [CompletionResultType]::ParameterName, 'Demand this issuer; repeat: any of them [default: `$MCPJWT_ISS`]')
            [CompletionResult]::new('--aud', '--aud', [CompletionResultType]::ParameterName, 'Demand this audience; repeat: any of them [default: `$MCPJWT_AUD`]')
            [CompletionResult]::new('--sub', '--sub', [CompletionResultType]::ParameterName, 'Demand this subject')
            [CompletionResult]::new('--typ', '--typ', [CompletionResultType]::ParameterName, 'Demand this media type in the header, such as at+jwt')
            [CompletionResult]::new('--scope', '--scope', [CompletionResultType]::ParameterName, 'Demand this scope; repeat: all of them')
            [CompletionResult]::new('--role', '--role', [CompletionResultType]::ParameterName, 'Demand this role')
            [CompletionResult]::new('--expect', '--expect', [CompletionResultType]::ParameterName, 'Demand a claim: NAME=TEXT, or NAME:=JSON; repeat for several')
            [CompletionResult]::new('--require', '--require', [CompletionResultType]::ParameterName, 'Demand that a claim is there, besides `exp`; `none`: not even that')
            [CompletionResult]::new('--max-age', '--max-age', [CompletionResultType]::ParameterName, 'Refuse tokens issued longer ago')
            [CompletionResult]::new('--leeway', '--leeway', [CompletionResultType]::ParameterName, 'How far clocks may differ [default: 0s]')
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'Judge as of this time [default: now]')
            [CompletionResult]::new('--no-manifest', '--no-manifest', [CompletionResultType]::ParameterName, 'Look for no manifest')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Answer with one JSON document')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out notes, not warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out notes, not warnings and errors')
            [CompletionResult]::new('--signature-only', '--signature-only', [CompletionResultType]::ParameterName, 'Check the signature alone; the payload may be anything')
            [CompletionResult]::new('--allow-weak-key', '--allow-weak-key', [CompletionResultType]::ParameterName, 'Accept a key that is too short or published; for reading others'' tokens')
            [CompletionResult]::new('--strict', '--strict', [CompletionResultType]::ParameterName, 'Insist on issuer and audience: both must be demanded')
            [CompletionResult]::new('--exact', '--exact', [CompletionResultType]::ParameterName, 'Take the token byte by byte: do not take off white space, quotes or `Bearer`')
            [CompletionResult]::new('--batch', '--batch', [CompletionResultType]::ParameterName, 'Judge a token a line; answer `ok` or the codes, a tab, and the subject')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mcpjwt;decode' {
            [CompletionResult]::new('-m', '-m', [CompletionResultType]::ParameterName, 'Use this manifest, or the one of that name in the config folder')
            [CompletionResult]::new('--manifest', '--manifest', [CompletionResultType]::ParameterName, 'Use this manifest, or the one of that name in the config folder')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours: auto, always or never')
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'Tell times relative to this one [default: now]')
            [CompletionResult]::new('--no-manifest', '--no-manifest', [CompletionResultType]::ParameterName, 'Look for no manifest')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Answer with one JSON document')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out notes, not warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out notes, not warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mcpjwt;expiry' {
            [CompletionResult]::new('-m', '-m', [CompletionResultType]::ParameterName, 'Use this manifest, or the one of that name in the config folder')
            [CompletionResult]::new('--manifest', '--manifest', [CompletionResultType]::ParameterName, 'Use this manifest, or the one of that name in the config folder')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours: auto, always or never')
            [CompletionResult]::new('--within', '--within', [CompletionResultType]::ParameterName, 'Exit with 3 when one expires within this time')
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'Judge as of this time [default: now]')
            [CompletionResult]::new('--no-manifest', '--no-manifest', [CompletionResultType]::ParameterName, 'Look for no manifest')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Answer with one JSON document')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out notes, not warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out notes, not warnings and errors')
            [CompletionResult]::new('--require-exp', '--require-exp', [CompletionResultType]::ParameterName, 'Refuse a token without `exp`')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mcpjwt;secret' {
            [CompletionResult]::new('-m', '-m', [CompletionResultType]::ParameterName, 'Use this manifest, or the one of that name in the config folder')
            [CompletionResult]::new('--manifest', '--manifest', [CompletionResultType]::ParameterName, 'Use this manifest, or the one of that name in the config folder')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours: auto, always or never')
            [CompletionResult]::new('--no-manifest', '--no-manifest', [CompletionResultType]::ParameterName, 'Look for no manifest')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Answer with one JSON document')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out notes, not warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out notes, not warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('generate', 'generate', [CompletionResultType]::ParameterValue, 'Make the first key')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List keys, without their material')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Export a key for a server')
            [CompletionResult]::new('import', 'import', [CompletionResultType]::ParameterValue, 'Import keys into your own store')
            [CompletionResult]::new('prune', 'prune', [CompletionResultType]::ParameterValue, 'Forget keys that are no longer accepted')
            break
        }
        'mcpjwt;key' {
            [CompletionResult]::new('-m', '-m', [CompletionResultType]::ParameterName, 'Use this manifest, or the one of that name in the config folder')
            [CompletionResult]::new('--manifest', '--manifest', [CompletionResultType]::ParameterName, 'Use this manifest, or the one of that name in the config folder')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours: auto, always or never')
            [CompletionResult]::new('--no-manifest', '--no-manifest', [CompletionResultType]::ParameterName, 'Look for no manifest')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Answer with one JSON document')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out notes, not warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out notes, not warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('generate', 'generate', [CompletionResultType]::ParameterValue, 'Make the first key')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List keys, without their material')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Export a key for a server')
            [CompletionResult]::new('import', 'import', [CompletionResultType]::ParameterValue, 'Import keys into your own store')
            [CompletionResult]::new('prune', 'prune', [CompletionResultType]::ParameterValue, 'Forget keys that are no longer accepted')
            break
        }
        'mcpjwt;secret;generate' {
            [CompletionResult]::new('--alg', '--alg', [CompletionResultType]::ParameterName, 'The algorithm the key is for [default: HS256]')
            [CompletionResult]::new('--bytes', '--bytes', [CompletionResultType]::ParameterName, 'How many random bytes a secret has [default: as many as the algorithm requires]')
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'Write it to this place and nowhere else')
            [CompletionResult]::new('--store', '--store', [CompletionResultType]::ParameterName, 'Keep your own store in a file or in the keyring [default: file]')
            [CompletionResult]::new('--encoding', '--encoding', [CompletionResultType]::ParameterName, 'How the text of a secret is written [default: hex]')
            [CompletionResult]::new('-m', '-m', [CompletionResultType]::ParameterName, 'Use this manifest, or the one of that name in the config folder')
            [CompletionResult]::new('--manifest', '--manifest', [CompletionResultType]::ParameterName, 'Use this manifest, or the one of that name in the config folder')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours: auto, always or never')
            [CompletionResult]::new('--print', '--print', [CompletionResultType]::ParameterName, 'Print it and keep nothing')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be made, and make nothing')
            [CompletionResult]::new('--no-manifest', '--no-manifest', [CompletionResultType]::ParameterName, 'Look for no manifest')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Answer with one JSON document')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out notes, not warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out notes, not warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mcpjwt;key;generate' {
            [CompletionResult]::new('--alg', '--alg', [CompletionResultType]::ParameterName, 'The algorithm the key is for [default: HS256]')
            [CompletionResult]::new('--bytes', '--bytes', [CompletionResultType]::ParameterName, 'How many random bytes a secret has [default: as many as the algorithm requires]')
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'Write it to this place and nowhere else')
            [CompletionResult]::new('--store', '--store', [CompletionResultType]::ParameterName, 'Keep your own store in a file or in the keyring [default: file]')
            [CompletionResult]::new('--encoding', '--encoding', [CompletionResultType]::ParameterName, 'How the text of a secret is written [default: hex]')
            [CompletionResult]::new('-m', '-m', [CompletionResultType]::ParameterName, 'Use this manifest, or the one of that name in the config folder')
            [CompletionResult]::new('--manifest', '--manifest', [CompletionResultType]::ParameterName, 'Use this manifest, or the one of that name in the config folder')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours: auto, always or never')
            [CompletionResult]::new('--print', '--print', [CompletionResultType]::ParameterName, 'Print it and keep nothing')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be made, and make nothing')
            [CompletionResult]::new('--no-manifest', '--no-manifest', [CompletionResultType]::ParameterName, 'Look for no manifest')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Answer with one JSON document')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out notes, not warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out notes, not warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mcpjwt;secret;list' {
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Where the key is: a place, or `ask` for a hidden prompt [default: `$MCPJWT_KEY`, else the manifest''s, else your own store]')
            [CompletionResult]::new('--key-encoding', '--key-encoding', [CompletionResultType]::ParameterName, 'Read the text of a secret as hex, base64 or base64url instead of as it is')
            [CompletionResult]::new('--alg', '--alg', [CompletionResultType]::ParameterName, 'The algorithm it is for, where it does not say so itself')
            [CompletionResult]::new('-m', '-m', [CompletionResultType]::ParameterName, 'Use this manifest, or the one of that name in the config folder')
            [CompletionResult]::new('--manifest', '--manifest', [CompletionResultType]::ParameterName, 'Use this manifest, or the one of that name in the config folder')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours: auto, always or never')
            [CompletionResult]::new('--no-manifest', '--no-manifest', [CompletionResultType]::ParameterName, 'Look for no manifest')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Answer with one JSON document')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out notes, not warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out notes, not warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'mcpjwt;key;list' {
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Where the key is: a place, or `ask` for a hidden prompt [default: `$MCPJWT_KEY`, else the manifest''s, else your own store]')
            [CompletionResult]::new('--key-encoding', '--key-encoding', [CompletionResultType]::ParameterName, 'Read the text of a secret as hex, base64 or base64url instead of as it is')
            [CompletionResult]::new('--alg', '--alg', [CompletionResultType]::ParameterName, 'The algorithm it is for, where it does not say so itself')
            [CompletionResult]::new('-m', '-m', [CompletionResultType]::ParameterName, 'Use this manifest, or the one of that name in the config folder')
            [CompletionResult]::new('--manifest', '--manifest', [CompletionResultType]::ParameterName, 'Use this manifest, or the one of that name in the config folder')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours: auto, always or never')
            [CompletionResult]::new('--no-manifest', '--no-manifest', [CompletionResultType]::ParameterName, 'Look for no manifest')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Answer with one JSON document')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out notes, not warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out notes, not warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'mcpjwt;secret;export' {
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Where the key is: a place, or `ask` for a hidden prompt [default: `$MCPJWT_KEY`, else the manifest''s, else your own store]')
            [CompletionResult]::new('--key-encoding', '--key-encoding', [CompletionResultType]::ParameterName, 'Read the text of a secret as hex, base64 or base64url instead of as it is')
            [CompletionResult]::new('--alg', '--alg', [CompletionResultType]::ParameterName, 'The algorithm it is for, where it does not say so itself')
            [CompletionResult]::new('--kid', '--kid', [CompletionResultType]::ParameterName, 'The key of a set [default: the current one]')
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'Write it to this place instead of standard output')
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'The variable of `--format env` [default: `JWT_SECRET`, a public key `JWT_PUBLIC_KEY`]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'The form: text, env, jwk, jwks or pem [default: text for a secret, else pem]')
            [CompletionResult]::new('-m', '-m', [CompletionResultType]::ParameterName, 'Use this manifest, or the one of that name in the config folder')
            [CompletionResult]::new('--manifest', '--manifest', [CompletionResultType]::ParameterName, 'Use this manifest, or the one of that name in the config folder')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours: auto, always or never')
            [CompletionResult]::new('--public', '--public', [CompletionResultType]::ParameterName, 'Only the public part of a key pair')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Replace whatever the place holds')
            [CompletionResult]::new('--no-manifest', '--no-manifest', [CompletionResultType]::ParameterName, 'Look for no manifest')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Answer with one JSON document')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out notes, not warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out notes, not warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mcpjwt;key;export' {
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Where the key is: a place, or `ask` for a hidden prompt [default: `$MCPJWT_KEY`, else the manifest''s, else your own store]')
            [CompletionResult]::new('--key-encoding', '--key-encoding', [CompletionResultType]::ParameterName, 'Read the text of a secret as hex, base64 or base64url instead of as it is')
            [CompletionResult]::new('--alg', '--alg', [CompletionResultType]::ParameterName, 'The algorithm it is for, where it does not say so itself')
            [CompletionResult]::new('--kid', '--kid', [CompletionResultType]::ParameterName, 'The key of a set [default: the current one]')
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'Write it to this place instead of standard output')
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'The variable of `--format env` [default: `JWT_SECRET`, a public key `JWT_PUBLIC_KEY`]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'The form: text, env, jwk, jwks or pem [default: text for a secret, else pem]')
            [CompletionResult]::new('-m', '-m', [CompletionResultType]::ParameterName, 'Use this manifest, or the one of that name in the config folder')
            [CompletionResult]::new('--manifest', '--manifest', [CompletionResultType]::ParameterName, 'Use this manifest, or the one of that name in the config folder')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours: auto, always or never')
            [CompletionResult]::new('--public', '--public', [CompletionResultType]::ParameterName, 'Only the public part of a key pair')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Replace whatever the place holds')
            [CompletionResult]::new('--no-manifest', '--no-manifest', [CompletionResultType]::ParameterName, 'Look for no manifest')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Answer with one JSON document')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out notes, not warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out notes, not warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mcpjwt;secret;import' {
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'Where the key is: a place, or `ask` for a hidden prompt')
            [CompletionResult]::new('--key-encoding', '--key-encoding', [CompletionResultType]::ParameterName, 'Read the text of a secret as hex, base64 or base64url instead of as it is')
            [CompletionResult]::new('--alg', '--alg', [CompletionResultType]::ParameterName, 'The algorithm it is for, where it does not say so itself')
            [CompletionResult]::new('-m', '-m', [CompletionResultType]::ParameterName, 'Use this manifest, or the one of that name in the config folder')
            [CompletionResult]::new('--manifest', '--manifest', [CompletionResultType]::ParameterName, 'Use this manifest, or the one of that name in the config folder')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours: auto, always or never')
            [CompletionResult]::new('--no-manifest', '--no-manifest', [CompletionResultType]::ParameterName, 'Look for no manifest')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Answer with one JSON document')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out notes, not warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out notes, not warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mcpjwt;key;import' {
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'Where the key is: a place, or `ask` for a hidden prompt')
            [CompletionResult]::new('--key-encoding', '--key-encoding', [CompletionResultType]::ParameterName, 'Read the text of a secret as hex, base64 or base64url instead of as it is')
            [CompletionResult]::new('--alg', '--alg', [CompletionResultType]::ParameterName, 'The algorithm it is for, where it does not say so itself')
            [CompletionResult]::new('-m', '-m', [CompletionResultType]::ParameterName, 'Use this manifest, or the one of that name in the config folder')
            [CompletionResult]::new('--manifest', '--manifest', [CompletionResultType]::ParameterName, 'Use this manifest, or the one of that name in the config folder')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours: auto, always or never')
            [CompletionResult]::new('--no-manifest', '--no-manifest', [CompletionResultType]::ParameterName, 'Look for no manifest')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Answer with one JSON document')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out notes, not warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out notes, not warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mcpjwt;secret;prune' {
            [CompletionResult]::new('-m', '-m', [CompletionResultType]::ParameterName, 'Use this manifest, or the one of that name in the config folder')
            [CompletionResult]::new('--manifest', '--manifest', [CompletionResultType]::ParameterName, 'Use this manifest, or the one of that name in the config folder')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours: auto, always or never')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would go, and keep it')
            [CompletionResult]::new('--no-manifest', '--no-manifest', [CompletionResultType]::ParameterName, 'Look for no manifest')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Answer with one JSON document')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out notes, not warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out notes, not warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mcpjwt;key;prune' {
            [CompletionResult]::new('-m', '-m', [CompletionResultType]::ParameterName, 'Use this manifest, or the one of that name in the config folder')
            [CompletionResult]::new('--manifest', '--manifest', [CompletionResultType]::ParameterName, 'Use this manifest, or the one of that name in the config folder')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours: auto, always or never')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would go, and keep it')
            [CompletionResult]::new('--no-manifest', '--no-manifest', [CompletionResultType]::ParameterName, 'Look for no manifest')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Answer with one JSON document')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out notes, not warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out notes, not warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mcpjwt;install' {
            [CompletionResult]::new('-m', '-m', [CompletionResultType]::ParameterName, 'Use this manifest, or the one of that name in the config folder')
            [CompletionResult]::new('--manifest', '--manifest', [CompletionResultType]::ParameterName, 'Use this manifest, or the one of that name in the config folder')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours: auto, always or never')
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'The place to write it to; repeat for several')
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'The variable of a server entry that carries the token')
            [CompletionResult]::new('--header', '--header', [CompletionResultType]::ParameterName, 'The header of a server entry that carries the bare token [default: `Authorization`, as `Bearer`]')
            [CompletionResult]::new('--mode', '--mode', [CompletionResultType]::ParameterName, 'How the token gets to the server: literal, helper, env, input, file or exec [default: literal]')
            [CompletionResult]::new('--url', '--url', [CompletionResultType]::ParameterName, 'Make the server entry if there is none: a server at this URL')
            [CompletionResult]::new('--no-manifest', '--no-manifest', [CompletionResultType]::ParameterName, 'Look for no manifest')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Answer with one JSON document')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out notes, not warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out notes, not warnings and errors')
            [CompletionResult]::new('--opaque', '--opaque', [CompletionResultType]::ParameterName, 'Take a token that is no JWT')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Replace whatever a place holds, and write into files that git has')
            [CompletionResult]::new('--no-record', '--no-record', [CompletionResultType]::ParameterName, 'Keep no record in the ledger')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be written, and do nothing')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mcpjwt;uninstall' {
            [CompletionResult]::new('-m', '-m', [CompletionResultType]::ParameterName, 'Use this manifest, or the one of that name in the config folder')
            [CompletionResult]::new('--manifest', '--manifest', [CompletionResultType]::ParameterName, 'Use this manifest, or the one of that name in the config folder')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours: auto, always or never')
            [CompletionResult]::new('--sub', '--sub', [CompletionResultType]::ParameterName, 'Every place that holds a token of this subject, by the ledger')
            [CompletionResult]::new('--no-manifest', '--no-manifest', [CompletionResultType]::ParameterName, 'Look for no manifest')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Answer with one JSON document')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out notes, not warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out notes, not warnings and errors')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'Every place that holds a token, by the ledger')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Take out a value that is no token, too')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would change, and do nothing')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mcpjwt;jwks' {
            [CompletionResult]::new('-m', '-m', [CompletionResultType]::ParameterName, 'Use this manifest, or the one of that name in the config folder')
            [CompletionResult]::new('--manifest', '--manifest', [CompletionResultType]::ParameterName, 'Use this manifest, or the one of that name in the config folder')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours: auto, always or never')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Where the key is: a place, or `ask` for a hidden prompt [default: `$MCPJWT_KEY`, else the manifest''s, else your own store]')
            [CompletionResult]::new('--key-encoding', '--key-encoding', [CompletionResultType]::ParameterName, 'Read the text of a secret as hex, base64 or base64url instead of as it is')
            [CompletionResult]::new('--alg', '--alg', [CompletionResultType]::ParameterName, 'The algorithm it is for, where it does not say so itself')
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'Write it to this place instead of standard output')
            [CompletionResult]::new('--no-manifest', '--no-manifest', [CompletionResultType]::ParameterName, 'Look for no manifest')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Answer with one JSON document')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out notes, not warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out notes, not warnings and errors')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Replace whatever the place holds, but for a private key')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mcpjwt;trust' {
            [CompletionResult]::new('-m', '-m', [CompletionResultType]::ParameterName, 'Use this manifest, or the one of that name in the config folder')
            [CompletionResult]::new('--manifest', '--manifest', [CompletionResultType]::ParameterName, 'Use this manifest, or the one of that name in the config folder')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours: auto, always or never')
            [CompletionResult]::new('--no-manifest', '--no-manifest', [CompletionResultType]::ParameterName, 'Look for no manifest')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Answer with one JSON document')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out notes, not warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out notes, not warnings and errors')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mcpjwt;completions' {
            [CompletionResult]::new('-m', '-m', [CompletionResultType]::ParameterName, 'Use this manifest, or the one of that name in the config folder')
            [CompletionResult]::new('--manifest', '--manifest', [CompletionResultType]::ParameterName, 'Use this manifest, or the one of that name in the config folder')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours: auto, always or never')
            [CompletionResult]::new('--no-manifest', '--no-manifest', [CompletionResultType]::ParameterName, 'Look for no manifest')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Answer with one JSON document')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out notes, not warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out notes, not warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'mcpjwt;man' {
            [CompletionResult]::new('-m', '-m', [CompletionResultType]::ParameterName, 'Use this manifest, or the one of that name in the config folder')
            [CompletionResult]::new('--manifest', '--manifest', [CompletionResultType]::ParameterName, 'Use this manifest, or the one of that name in the config folder')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours: auto, always or never')
            [CompletionResult]::new('--no-manifest', '--no-manifest', [CompletionResultType]::ParameterName, 'Look for no manifest')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Answer with one JSON document')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out notes, not warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out notes, not warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
