module completions {

  def "nu-complete mcpjwt color" [] {
    [ "auto" "always" "never" ]
  }

  # Issue, inspect and keep alive the JWTs of MCP clients
  export extern mcpjwt [
    --manifest(-m): string    # Use this manifest, or the one of that name in the config folder
    --no-manifest             # Look for no manifest
    --json                    # Answer with one JSON document
    --quiet(-q)               # Leave out notes, not warnings and errors
    --color: string@"nu-complete mcpjwt color" # Use colours: auto, always or never
    --help(-h)                # Print help
    --version(-V)             # Print version
  ]

  def "nu-complete mcpjwt issue color" [] {
    [ "auto" "always" "never" ]
  }

  def "nu-complete mcpjwt issue input" [] {
    [ "subjects" "csv" "jsonl" ]
  }

  def "nu-complete mcpjwt issue typ" [] {
    [ "JWT" "at+jwt" ]
  }

  def "nu-complete mcpjwt issue format" [] {
    [ "token" "env" "header" ]
  }

  def "nu-complete mcpjwt issue mode" [] {
    [ "literal" "helper" "env" "input" "file" "exec" ]
  }

  # Mint a token
  export extern "mcpjwt issue" [
    --manifest(-m): string    # Use this manifest, or the one of that name in the config folder
    --no-manifest             # Look for no manifest
    --json                    # Answer with one JSON document
    --quiet(-q)               # Leave out notes, not warnings and errors
    --color: string@"nu-complete mcpjwt issue color" # Use colours: auto, always or never
    --sub: string             # Who the token is for, its `sub`; repeat for several tokens (more than 100 are a batch, as by `--from`)
    --all                     # Renew every token of the manifest, and put each into its places
    --from: string            # Mint a token a line of this file, or of standard input (`-`)
    --input: string@"nu-complete mcpjwt issue input" # What the lines are: subjects, csv (below a line of names) or jsonl (claims) [default: by the name of the file, else subjects]
    --plain                   # Do not start from the token of that name or subject in the manifest
    --iss: string             # Who issues it, its `iss` [default: `$MCPJWT_ISS`, else the manifest's, else `mcpjwt`]
    --aud: string             # The server it is for, its `aud`; repeat for several [default: `$MCPJWT_AUD`, else the manifest's, else `mcp`]
    --scope: string           # A scope; repeat for several
    --role: string            # The `role` claim
    --name: string            # The `name` claim
    --quota: string           # The `quota` claim, a whole number above 0
    --client-id: string       # The `client_id` claim (RFC 8693)
    --claim: string           # Another claim: NAME=TEXT, or NAME:=JSON; repeat for several
    --claims-file: string     # A place that holds a JSON object of other claims
    --typ: string@"nu-complete mcpjwt issue typ" # The media type in the header [default: JWT]
    --ttl: string             # How long it lasts, such as 12h or 90d [default: `$MCPJWT_TTL`, else the manifest's, else 24h, into a place 30d]
    --exp: string             # When it expires: a date, RFC 3339, unix seconds, or +90d
    --nbf: string             # Not valid before this time
    --at: string              # Mint as of this time
    --jti: string             # The token's own id [default: random]
    --key: string             # Where the key is: a place, or `ask` for a hidden prompt [default: `$MCPJWT_KEY`, else the manifest's, else your own store]
    --key-encoding: string    # Read the text of a secret as hex, base64 or base64url instead of as it is
    --kid: string             # The key of a set to sign with [default: the current one]
    --alg: string             # The algorithm to sign by, where the key leaves it open [default: by the kind of key]
    --pair                    # Mint an access and a refresh token, as an OAuth token response
    --refresh-ttl: string     # How long the refresh token of `--pair` lasts [default: 90d]
    --to: string              # Write the token to this place instead of standard output (`-`); repeat for several
    --format: string@"nu-complete mcpjwt issue format" # What to write: the bare token, `NAME=token`, or an `Authorization` header
    --env: string             # The variable of `--format env` [default: `MCP_TOKEN`], or of a server entry
    --header: string          # The header of a server entry that carries the bare token [default: `Authorization`, as `Bearer`]
    --mode: string@"nu-complete mcpjwt issue mode" # How the token gets to the server: literal, helper, env, input, file or exec [default: literal]
    --url: string             # Make the server entry if there is none: a server at this URL
    --force                   # Replace whatever a place holds, and write into files that git has
    --no-record               # Keep no record in the ledger
    --record-each             # Keep a record of each token of a batch, by which `log` and `revoke --sub` find it, not one of all: about 250 bytes a token, and 1.4 times the processor time
    --dry-run                 # Show what would be minted and written, and do nothing
    --help(-h)                # Print help (see more with '--help')
  ]

  def "nu-complete mcpjwt verify color" [] {
    [ "auto" "always" "never" ]
  }

  # Judge a token, and say why it is refused
  export extern "mcpjwt verify" [
    --manifest(-m): string    # Use this manifest, or the one of that name in the config folder
    --no-manifest             # Look for no manifest
    --json                    # Answer with one JSON document
    --quiet(-q)               # Leave out notes, not warnings and errors
    --color: string@"nu-complete mcpjwt verify color" # Use colours: auto, always or never
    --key: string             # Where the key is: a place, or `ask` for a hidden prompt [default: `$MCPJWT_KEY`, else the manifest's, else your own store]
    --key-encoding: string    # Read the text of a secret as hex, base64 or base64url instead of as it is
    --jwks: string            # A JWK Set of public keys: a place or a URL
    --previous: string        # A place of previous keys, tried when the signature is not of the current one [default: the manifest's]
    --alg: string             # Allow only this algorithm; repeat for several [default: the manifest's, else the key's own]
    --iss: string             # Demand this issuer; repeat: any of them [default: `$MCPJWT_ISS`, else the manifest's]
    --aud: string             # Demand this audience; repeat: any of them [default: `$MCPJWT_AUD`, else the manifest's]
    --sub: string             # Demand this subject
    --typ: string             # Demand this media type in the header, such as at+jwt
    --scope: string           # Demand this scope; repeat: all of them
    --role: string            # Demand this role
    --expect: string          # Demand a claim: NAME=TEXT, or NAME:=JSON; repeat for several
    --require: string         # Demand that a claim is there, besides `exp`; `none`: not even that
    --max-age: string         # Refuse tokens issued longer ago
    --leeway: string          # How far clocks may differ [default: 0s]
    --at: string              # Judge as of this time [default: now]
    --signature-only          # Check the signature alone; the payload may be anything
    --allow-weak-key          # Accept a key that is too short or published; for reading others' tokens
    --strict                  # Insist on issuer and audience: both must be demanded
    --exact                   # Take the token byte by byte: do not take off white space, quotes or `Bearer`
    --batch                   # Judge a token a line; answer `ok` or the codes, a tab, and the subject
    --help(-h)                # Print help (see more with '--help')
    token?: string            # A token, a place that holds one, or `-` for standard input
  ]

  def "nu-complete mcpjwt decode color" [] {
    [ "auto" "always" "never" ]
  }

  # Show what is in a token, without judging it
  export extern "mcpjwt decode" [
    --manifest(-m): string    # Use this manifest, or the one of that name in the config folder
    --no-manifest             # Look for no manifest
    --json                    # Answer with one JSON document
    --quiet(-q)               # Leave out notes, not warnings and errors
    --color: string@"nu-complete mcpjwt decode color" # Use colours: auto, always or never
    --at: string              # Tell times relative to this one [default: now]
    --help(-h)                # Print help (see more with '--help')
    token?: string            # A token, a place that holds one, or `-` for standard input
  ]

  def "nu-complete mcpjwt expiry color" [] {
    [ "auto" "always" "never" ]
  }

  # Say when tokens expire
  export extern "mcpjwt expiry" [
    --manifest(-m): string    # Use this manifest, or the one of that name in the config folder
    --no-manifest             # Look for no manifest
    --json                    # Answer with one JSON document
    --quiet(-q)               # Leave out notes, not warnings and errors
    --color: string@"nu-complete mcpjwt expiry color" # Use colours: auto, always or never
    --within: string          # Exit with 3 when one expires within this time
    --require-exp             # Refuse a token without `exp`
    --at: string              # Judge as of this time [default: now]
    --help(-h)                # Print help (see more with '--help')
    ...tokens: string         # Tokens, or places that hold one
  ]

  def "nu-complete mcpjwt lint color" [] {
    [ "auto" "always" "never" ]
  }

  # Check a token against the standards
  export extern "mcpjwt lint" [
    --manifest(-m): string    # Use this manifest, or the one of that name in the config folder
    --no-manifest             # Look for no manifest
    --json                    # Answer with one JSON document
    --quiet(-q)               # Leave out notes, not warnings and errors
    --color: string@"nu-complete mcpjwt lint color" # Use colours: auto, always or never
    --at: string              # Judge as of this time [default: now]
    --help(-h)                # Print help (see more with '--help')
    ...tokens: string         # Tokens, places that hold one, or `-` for standard input
  ]

  def "nu-complete mcpjwt refresh color" [] {
    [ "auto" "always" "never" ]
  }

  # Renew tokens: the same claims, new times
  export extern "mcpjwt refresh" [
    --manifest(-m): string    # Use this manifest, or the one of that name in the config folder
    --no-manifest             # Look for no manifest
    --json                    # Answer with one JSON document
    --quiet(-q)               # Leave out notes, not warnings and errors
    --color: string@"nu-complete mcpjwt refresh color" # Use colours: auto, always or never
    --all                     # Every place of the manifest; without one every place that a token was put into
    --within: string          # Only what expires within this time
    --ttl: string             # How long the new token lasts [default: as long as the old one]
    --key: string             # Where the key is: a place, or `ask` for a hidden prompt [default: `$MCPJWT_KEY`, else the manifest's, else your own store]
    --key-encoding: string    # Read the text of a secret as hex, base64 or base64url instead of as it is
    --alg: string             # The algorithm to sign by, where the key leaves it open [default: the manifest's, else by the kind of key]
    --force                   # Write into files that git has
    --no-record               # Keep no record in the ledger
    --dry-run                 # Show what would be minted and written, and do nothing
    --help(-h)                # Print help (see more with '--help')
    ...tokens: string         # Tokens, or places that hold one [default: a piped standard input]
  ]

  def "nu-complete mcpjwt secret color" [] {
    [ "auto" "always" "never" ]
  }

  # Make, list, export and import keys
  export extern "mcpjwt secret" [
    --manifest(-m): string    # Use this manifest, or the one of that name in the config folder
    --no-manifest             # Look for no manifest
    --json                    # Answer with one JSON document
    --quiet(-q)               # Leave out notes, not warnings and errors
    --color: string@"nu-complete mcpjwt secret color" # Use colours: auto, always or never
    --help(-h)                # Print help
  ]

  def "nu-complete mcpjwt secret generate store" [] {
    [ "file" "keyring" ]
  }

  def "nu-complete mcpjwt secret generate color" [] {
    [ "auto" "always" "never" ]
  }

  # Make the first key
  export extern "mcpjwt secret generate" [
    --alg: string             # The algorithm the key is for [default: HS256]
    --bytes: string           # How many random bytes a secret has [default: as many as the algorithm requires]
    --to: string              # Write it to this place and nowhere else
    --store: string@"nu-complete mcpjwt secret generate store" # Keep your own store in a file or in the keyring [default: file]
    --print                   # Print it and keep nothing
    --encoding: string        # How the text of a secret is written [default: hex]
    --dry-run                 # Show what would be made, and make nothing
    --manifest(-m): string    # Use this manifest, or the one of that name in the config folder
    --no-manifest             # Look for no manifest
    --json                    # Answer with one JSON document
    --quiet(-q)               # Leave out notes, not warnings and errors
    --color: string@"nu-complete mcpjwt secret generate color" # Use colours: auto, always or never
    --help(-h)                # Print help (see more with '--help')
  ]

  def "nu-complete mcpjwt secret list color" [] {
    [ "auto" "always" "never" ]
  }

  # List keys, without their material
  export extern "mcpjwt secret list" [
    --key: string             # Where the key is: a place, or `ask` for a hidden prompt [default: `$MCPJWT_KEY`, else the manifest's, else your own store]
    --key-encoding: string    # Read the text of a secret as hex, base64 or base64url instead of as it is
    --alg: string             # The algorithm it is for, where it does not say so itself
    --manifest(-m): string    # Use this manifest, or the one of that name in the config folder
    --no-manifest             # Look for no manifest
    --json                    # Answer with one JSON document
    --quiet(-q)               # Leave out notes, not warnings and errors
    --color: string@"nu-complete mcpjwt secret list color" # Use colours: auto, always or never
    --help(-h)                # Print help
  ]

  def "nu-complete mcpjwt secret export format" [] {
    [ "text" "env" "jwk" "jwks" "pem" ]
  }

  def "nu-complete mcpjwt secret export color" [] {
    [ "auto" "always" "never" ]
  }

  # Export a key for a server
  export extern "mcpjwt secret export" [
    --key: string             # Where the key is: a place, or `ask` for a hidden prompt [default: `$MCPJWT_KEY`, else the manifest's, else your own store]
    --key-encoding: string    # Read the text of a secret as hex, base64 or base64url instead of as it is
    --alg: string             # The algorithm it is for, where it does not say so itself
    --kid: string             # The key of a set [default: the current one]
    --public                  # Only the public part of a key pair
    --to: string              # Write it to this place instead of standard output
    --env: string             # The variable of `--format env` [default: `JWT_SECRET`, a public key `JWT_PUBLIC_KEY`]
    --format: string@"nu-complete mcpjwt secret export format" # The form: text, env, jwk, jwks or pem [default: text for a secret, else pem]
    --force                   # Replace whatever the place holds
    --dry-run                 # Show what would be written, and do nothing
    --manifest(-m): string    # Use this manifest, or the one of that name in the config folder
    --no-manifest             # Look for no manifest
    --json                    # Answer with one JSON document
    --quiet(-q)               # Leave out notes, not warnings and errors
    --color: string@"nu-complete mcpjwt secret export color" # Use colours: auto, always or never
    --help(-h)                # Print help (see more with '--help')
  ]

  def "nu-complete mcpjwt secret import color" [] {
    [ "auto" "always" "never" ]
  }

  # Import keys into your own store
  export extern "mcpjwt secret import" [
    --from: string            # Where the key is: a place, or `ask` for a hidden prompt
    --key-encoding: string    # Read the text of a secret as hex, base64 or base64url instead of as it is
    --alg: string             # The algorithm it is for, where it does not say so itself
    --dry-run                 # Show what would be imported, and keep nothing
    --manifest(-m): string    # Use this manifest, or the one of that name in the config folder
    --no-manifest             # Look for no manifest
    --json                    # Answer with one JSON document
    --quiet(-q)               # Leave out notes, not warnings and errors
    --color: string@"nu-complete mcpjwt secret import color" # Use colours: auto, always or never
    --help(-h)                # Print help (see more with '--help')
  ]

  def "nu-complete mcpjwt secret prune color" [] {
    [ "auto" "always" "never" ]
  }

  # Forget keys that are no longer accepted
  export extern "mcpjwt secret prune" [
    --yes                     # Do not ask
    --dry-run                 # Show what would go, and keep it
    --manifest(-m): string    # Use this manifest, or the one of that name in the config folder
    --no-manifest             # Look for no manifest
    --json                    # Answer with one JSON document
    --quiet(-q)               # Leave out notes, not warnings and errors
    --color: string@"nu-complete mcpjwt secret prune color" # Use colours: auto, always or never
    --help(-h)                # Print help (see more with '--help')
  ]

  def "nu-complete mcpjwt sync color" [] {
    [ "auto" "always" "never" ]
  }

  # Put the tokens of the manifest into their places
  export extern "mcpjwt sync" [
    --manifest(-m): string    # Use this manifest, or the one of that name in the config folder
    --no-manifest             # Look for no manifest
    --json                    # Answer with one JSON document
    --quiet(-q)               # Leave out notes, not warnings and errors
    --color: string@"nu-complete mcpjwt sync color" # Use colours: auto, always or never
    --check                   # Write nothing, and exit with 1 where something is to be done
    --renew                   # Mint every token anew
    --key: string             # Where the key is: a place, or `ask` for a hidden prompt [default: the manifest's]
    --key-encoding: string    # Read the text of a secret as hex, base64 or base64url instead of as it is
    --alg: string             # The algorithm to sign by, where the key leaves it open [default: the manifest's, else by the kind of key]
    --no-record               # Keep no record in the ledger
    --dry-run                 # Show what would be written, and do nothing
    --help(-h)                # Print help (see more with '--help')
  ]

  def "nu-complete mcpjwt install color" [] {
    [ "auto" "always" "never" ]
  }

  def "nu-complete mcpjwt install mode" [] {
    [ "literal" "helper" "env" "input" "file" "exec" ]
  }

  # Put a token where its client reads it
  export extern "mcpjwt install" [
    --manifest(-m): string    # Use this manifest, or the one of that name in the config folder
    --no-manifest             # Look for no manifest
    --json                    # Answer with one JSON document
    --quiet(-q)               # Leave out notes, not warnings and errors
    --color: string@"nu-complete mcpjwt install color" # Use colours: auto, always or never
    --to: string              # The place to write it to; repeat for several
    --env: string             # The variable of a server entry that carries the token
    --header: string          # The header of a server entry that carries the bare token [default: `Authorization`, as `Bearer`]
    --mode: string@"nu-complete mcpjwt install mode" # How the token gets to the server: literal, helper, env, input, file or exec [default: literal]
    --url: string             # Make the server entry if there is none: a server at this URL
    --opaque                  # Take a token that is no JWT
    --force                   # Replace whatever a place holds, and write into files that git has
    --no-record               # Keep no record in the ledger
    --dry-run                 # Show what would be written, and do nothing
    --help(-h)                # Print help (see more with '--help')
    token?: string            # The token, a place that holds it, or `-` [default: a piped standard input]
  ]

  def "nu-complete mcpjwt uninstall color" [] {
    [ "auto" "always" "never" ]
  }

  # Take tokens out of their places again
  export extern "mcpjwt uninstall" [
    --manifest(-m): string    # Use this manifest, or the one of that name in the config folder
    --no-manifest             # Look for no manifest
    --json                    # Answer with one JSON document
    --quiet(-q)               # Leave out notes, not warnings and errors
    --color: string@"nu-complete mcpjwt uninstall color" # Use colours: auto, always or never
    --sub: string             # Every place that holds a token of this subject, by the ledger
    --all                     # Every place that holds a token, by the ledger
    --yes                     # Do not ask
    --force                   # Take out a value that is no token, too
    --no-record               # Keep no record in the ledger, which then has the token there still
    --dry-run                 # Show what would change, and do nothing
    --help(-h)                # Print help (see more with '--help')
    ...place: string          # A place to empty; several may follow
  ]

  def "nu-complete mcpjwt headers color" [] {
    [ "auto" "always" "never" ]
  }

  def "nu-complete mcpjwt headers typ" [] {
    [ "JWT" "at+jwt" ]
  }

  def "nu-complete mcpjwt headers format" [] {
    [ "json" "header" "token" ]
  }

  # Print the header of a fresh token, for a client
  export extern "mcpjwt headers" [
    --manifest(-m): string    # Use this manifest, or the one of that name in the config folder
    --no-manifest             # Look for no manifest
    --json                    # Answer with one JSON document
    --quiet(-q)               # Leave out notes, not warnings and errors
    --color: string@"nu-complete mcpjwt headers color" # Use colours: auto, always or never
    --iss: string             # Who issues it, its `iss` [default: `$MCPJWT_ISS`, else the manifest's, else `mcpjwt`]
    --aud: string             # The server it is for, its `aud`; repeat for several [default: `$MCPJWT_AUD`, else the manifest's, else `mcp`]
    --scope: string           # A scope; repeat for several
    --role: string            # The `role` claim
    --name: string            # The `name` claim
    --quota: string           # The `quota` claim, a whole number above 0
    --client-id: string       # The `client_id` claim (RFC 8693)
    --claim: string           # Another claim: NAME=TEXT, or NAME:=JSON; repeat for several
    --claims-file: string     # A place that holds a JSON object of other claims
    --typ: string@"nu-complete mcpjwt headers typ" # The media type in the header [default: JWT]
    --ttl: string             # How long it lasts, such as 1h [default: the manifest's `helper-ttl`, else 12h]
    --key: string             # Where the key is: a place [default: the manifest's; without a manifest `$MCPJWT_KEY`, else your own store]
    --key-encoding: string    # Read the text of a secret as hex, base64 or base64url instead of as it is
    --kid: string             # The key of a set to sign with [default: the current one]
    --alg: string             # The algorithm to sign by, where the key leaves it open [default: the manifest's, else by the kind of key]
    --no-record               # Keep no record in the ledger
    --format: string@"nu-complete mcpjwt headers format" # What to print: an object of headers, one header, or the bare token
    --help(-h)                # Print help (see more with '--help')
    token: string             # The token of the manifest, by its name or subject; without a manifest, the subject
  ]

  def "nu-complete mcpjwt exec color" [] {
    [ "auto" "always" "never" ]
  }

  def "nu-complete mcpjwt exec typ" [] {
    [ "JWT" "at+jwt" ]
  }

  # Run a program with a fresh token in its environment
  export extern "mcpjwt exec" [
    --manifest(-m): string    # Use this manifest, or the one of that name in the config folder
    --no-manifest             # Look for no manifest
    --json                    # Answer with one JSON document
    --quiet(-q)               # Leave out notes, not warnings and errors
    --color: string@"nu-complete mcpjwt exec color" # Use colours: auto, always or never
    --iss: string             # Who issues it, its `iss` [default: `$MCPJWT_ISS`, else the manifest's, else `mcpjwt`]
    --aud: string             # The server it is for, its `aud`; repeat for several [default: `$MCPJWT_AUD`, else the manifest's, else `mcp`]
    --scope: string           # A scope; repeat for several
    --role: string            # The `role` claim
    --name: string            # The `name` claim
    --quota: string           # The `quota` claim, a whole number above 0
    --client-id: string       # The `client_id` claim (RFC 8693)
    --claim: string           # Another claim: NAME=TEXT, or NAME:=JSON; repeat for several
    --claims-file: string     # A place that holds a JSON object of other claims
    --typ: string@"nu-complete mcpjwt exec typ" # The media type in the header [default: JWT]
    --ttl: string             # How long it lasts, such as 1h [default: the manifest's `helper-ttl`, else 12h]
    --key: string             # Where the key is: a place [default: the manifest's; without a manifest `$MCPJWT_KEY`, else your own store]
    --key-encoding: string    # Read the text of a secret as hex, base64 or base64url instead of as it is
    --kid: string             # The key of a set to sign with [default: the current one]
    --alg: string             # The algorithm to sign by, where the key leaves it open [default: the manifest's, else by the kind of key]
    --no-record               # Keep no record in the ledger
    --env: string             # The variable for the token [default: the manifest's, else `MCP_TOKEN`]
    --help(-h)                # Print help (see more with '--help')
    token: string             # The token of the manifest, by its name or subject; without a manifest, the subject
  ]

  def "nu-complete mcpjwt init color" [] {
    [ "auto" "always" "never" ]
  }

  # Write a manifest from what the project has already
  export extern "mcpjwt init" [
    --manifest(-m): string    # Use this manifest, or the one of that name in the config folder
    --no-manifest             # Look for no manifest
    --json                    # Answer with one JSON document
    --quiet(-q)               # Leave out notes, not warnings and errors
    --color: string@"nu-complete mcpjwt init color" # Use colours: auto, always or never
    --key: string             # Where the key is [default: the secret that is found, else your own store]
    --iss: string             # Who issues the tokens [default: what is found]
    --aud: string             # The server they are for [default: what is found]
    --ttl: string             # How long tokens last [default: as those that are found, at most 90d]
    --scan: string            # Look into this file or folder, not into the folder of the manifest
    --to: string              # Write the manifest there, as with `-m` [default: `mcpjwt.toml` in this folder]
    --user                    # Write it into your config folder, from the configs of your clients
    --yes(-y)                 # Do not ask
    --dry-run                 # Show the manifest and write nothing
    --help(-h)                # Print help (see more with '--help')
  ]

  def "nu-complete mcpjwt add color" [] {
    [ "auto" "always" "never" ]
  }

  def "nu-complete mcpjwt add typ" [] {
    [ "JWT" "at+jwt" ]
  }

  def "nu-complete mcpjwt add mode" [] {
    [ "literal" "helper" "env" "input" "file" "exec" ]
  }

  # Add a client to the manifest, and put its token into its places
  export extern "mcpjwt add" [
    --manifest(-m): string    # Use this manifest, or the one of that name in the config folder
    --no-manifest             # Look for no manifest
    --json                    # Answer with one JSON document
    --quiet(-q)               # Leave out notes, not warnings and errors
    --color: string@"nu-complete mcpjwt add color" # Use colours: auto, always or never
    --to: string              # A place to put it into; repeat for several
    --ttl: string             # How long it lasts [default: as the others]
    --aud: string             # The server it is for, its `aud`; repeat for several [default: that of the others]
    --scope: string           # A scope; repeat for several
    --role: string            # The `role` claim
    --name: string            # The `name` claim
    --quota: string           # The `quota` claim, a whole number above 0
    --client-id: string       # The `client_id` claim (RFC 8693)
    --claim: string           # Another claim: NAME=TEXT, or NAME:=JSON; repeat for several
    --claims-file: string     # A place that holds a JSON object of other claims
    --typ: string@"nu-complete mcpjwt add typ" # The media type in the header [default: JWT]
    --env: string             # The variable of a server entry that carries the token
    --header: string          # The header of a server entry that carries the bare token [default: `Authorization`, as `Bearer`]
    --mode: string@"nu-complete mcpjwt add mode" # How the token gets to the server: literal, helper, env, input, file or exec [default: literal]
    --url: string             # Make the server entry if there is none: a server at this URL
    --dry-run                 # Show what would be written, and do nothing
    --help(-h)                # Print help (see more with '--help')
    sub: string               # Who the token is for, its `sub`
  ]

  def "nu-complete mcpjwt remove color" [] {
    [ "auto" "always" "never" ]
  }

  # Take a client out of the manifest, and its token out of its places
  export extern "mcpjwt remove" [
    --manifest(-m): string    # Use this manifest, or the one of that name in the config folder
    --no-manifest             # Look for no manifest
    --json                    # Answer with one JSON document
    --quiet(-q)               # Leave out notes, not warnings and errors
    --color: string@"nu-complete mcpjwt remove color" # Use colours: auto, always or never
    --yes(-y)                 # Do not ask
    --dry-run                 # Show what would go, and do nothing
    --help(-h)                # Print help (see more with '--help')
    name: string              # The name of the token in the manifest, or its subject
  ]

  def "nu-complete mcpjwt clients color" [] {
    [ "auto" "always" "never" ]
  }

  # Show the known clients, and what is in their configs
  export extern "mcpjwt clients" [
    --manifest(-m): string    # Use this manifest, or the one of that name in the config folder
    --no-manifest             # Look for no manifest
    --json                    # Answer with one JSON document
    --quiet(-q)               # Leave out notes, not warnings and errors
    --color: string@"nu-complete mcpjwt clients color" # Use colours: auto, always or never
    --all                     # Show where the configs of the others would be, too
    --help(-h)                # Print help (see more with '--help')
    name?: string             # All about this client
  ]

  def "nu-complete mcpjwt status color" [] {
    [ "auto" "always" "never" ]
  }

  # Show every token, where it lives, and what is wrong with it
  export extern "mcpjwt status" [
    --manifest(-m): string    # Use this manifest, or the one of that name in the config folder
    --no-manifest             # Look for no manifest
    --json                    # Answer with one JSON document
    --quiet(-q)               # Leave out notes, not warnings and errors
    --color: string@"nu-complete mcpjwt status color" # Use colours: auto, always or never
    --scan                    # Look into the config of every known client on this machine, too
    --within: string          # Exit with 3 when one expires within this time
    --at: string              # Judge as of this time [default: now]
    --help(-h)                # Print help (see more with '--help')
  ]

  def "nu-complete mcpjwt rotate-secret color" [] {
    [ "auto" "always" "never" ]
  }

  # Replace the key by a new one, and let the old one age
  export extern "mcpjwt rotate-secret" [
    --manifest(-m): string    # Use this manifest, or the one of that name in the config folder
    --no-manifest             # Look for no manifest
    --json                    # Answer with one JSON document
    --quiet(-q)               # Leave out notes, not warnings and errors
    --color: string@"nu-complete mcpjwt rotate-secret color" # Use colours: auto, always or never
    --key: string             # Where the key is: a place, or `ask` for a hidden prompt [default: `$MCPJWT_KEY`, else the manifest's, else your own store]
    --key-encoding: string    # Read the text of a secret as hex, base64 or base64url instead of as it is
    --stage                   # Make the next key and store it; sign nothing with it before the next rotation
    --abort                   # Take the staged key back: it goes from where it is, and nothing else changes
    --now                     # Accept the old key no longer, and tell whose tokens that ends
    --grace: string           # Accept the old key for exactly this long, and tell whose tokens that cuts short
    --alg: string             # The algorithm of the new key [default: that of the old one]
    --previous: string        # Where the old key is kept until then [default: the manifest's `previous`]
    --reissue                 # Mint every token of the manifest anew with the new key, and put each into its places
    --force                   # Write keys into files that git has or would take, too
    --yes                     # Do not ask
    --dry-run                 # Show what would change, and do nothing
    --help(-h)                # Print help (see more with '--help')
  ]

  def "nu-complete mcpjwt revoke color" [] {
    [ "auto" "always" "never" ]
  }

  # Revoke tokens before they expire
  export extern "mcpjwt revoke" [
    --manifest(-m): string    # Use this manifest, or the one of that name in the config folder
    --no-manifest             # Look for no manifest
    --json                    # Answer with one JSON document
    --quiet(-q)               # Leave out notes, not warnings and errors
    --color: string@"nu-complete mcpjwt revoke color" # Use colours: auto, always or never
    --jti: string             # The token of this id
    --sub: string             # Every token of this subject up to now
    --kid: string             # Every token of this key
    --run: string             # Every token of one run of `issue --from`, by the id that theirs begin with
    --list                    # Show what was revoked; with --json, for other programs
    --iss: string             # The issuer of the token or subject [default: as the ledger knows it, else as `issue` has it]
    --reason: string          # Why, for whoever meets it
    --redis: string           # Tell this Redis server too, under `blacklist:ID` and `blacklist:TOKEN`; a URL with a password only in a place
    --force                   # Revoke what the token claims to be although its signature does not fit
    --yes                     # Do not ask
    --no-record               # Keep no record in the ledger
    --dry-run                 # Show what would be revoked, and do nothing
    --help(-h)                # Print help (see more with '--help')
    token?: string            # A token, a place that holds one, or `-` for standard input
  ]

  def "nu-complete mcpjwt log color" [] {
    [ "auto" "always" "never" ]
  }

  # Show what was issued, installed and revoked
  export extern "mcpjwt log" [
    --manifest(-m): string    # Use this manifest, or the one of that name in the config folder
    --no-manifest             # Look for no manifest
    --json                    # Answer with one JSON document
    --quiet(-q)               # Leave out notes, not warnings and errors
    --color: string@"nu-complete mcpjwt log color" # Use colours: auto, always or never
    --sub: string             # Only of this subject
    --since: string           # Only from this time on: a date, RFC 3339, unix seconds, or -24h
    --stats                   # Count per subject: tokens, when the last one was issued, when the next one expires
    --follow(-f)              # Wait for more, and show it as it comes
    --help(-h)                # Print help (see more with '--help')
  ]

  def "nu-complete mcpjwt doctor color" [] {
    [ "auto" "always" "never" ]
  }

  # Look for what should be mended, and say how
  export extern "mcpjwt doctor" [
    --manifest(-m): string    # Use this manifest, or the one of that name in the config folder
    --no-manifest             # Look for no manifest
    --json                    # Answer with one JSON document
    --quiet(-q)               # Leave out notes, not warnings and errors
    --color: string@"nu-complete mcpjwt doctor color" # Use colours: auto, always or never
    --help(-h)                # Print help (see more with '--help')
  ]

  def "nu-complete mcpjwt jwks color" [] {
    [ "auto" "always" "never" ]
  }

  # Publish the public keys as a JWK Set
  export extern "mcpjwt jwks" [
    --manifest(-m): string    # Use this manifest, or the one of that name in the config folder
    --no-manifest             # Look for no manifest
    --json                    # Answer with one JSON document
    --quiet(-q)               # Leave out notes, not warnings and errors
    --color: string@"nu-complete mcpjwt jwks color" # Use colours: auto, always or never
    --key: string             # Where the key is: a place, or `ask` for a hidden prompt [default: `$MCPJWT_KEY`, else the manifest's, else your own store]
    --key-encoding: string    # Read the text of a secret as hex, base64 or base64url instead of as it is
    --alg: string             # The algorithm it is for, where it does not say so itself
    --to: string              # Write it to this place instead of standard output
    --force                   # Replace whatever the place holds, but for a private key
    --dry-run                 # Show what would be written, and do nothing
    --help(-h)                # Print help (see more with '--help')
  ]

  def "nu-complete mcpjwt trust color" [] {
    [ "auto" "always" "never" ]
  }

  # Let a manifest use what lies outside its folder
  export extern "mcpjwt trust" [
    --manifest(-m): string    # Use this manifest, or the one of that name in the config folder
    --no-manifest             # Look for no manifest
    --json                    # Answer with one JSON document
    --quiet(-q)               # Leave out notes, not warnings and errors
    --color: string@"nu-complete mcpjwt trust color" # Use colours: auto, always or never
    --yes(-y)                 # Do not ask
    --dry-run                 # Show what it wants and how it stands, and do nothing
    --help(-h)                # Print help (see more with '--help')
    path?: string             # The manifest, or its folder [default: the one that is found]
  ]

  def "nu-complete mcpjwt completions color" [] {
    [ "auto" "always" "never" ]
  }

  def "nu-complete mcpjwt completions shell" [] {
    [ "bash" "zsh" "fish" "powershell" "elvish" "nushell" ]
  }

  # Print the completions of a shell
  export extern "mcpjwt completions" [
    --manifest(-m): string    # Use this manifest, or the one of that name in the config folder
    --no-manifest             # Look for no manifest
    --json                    # Answer with one JSON document
    --quiet(-q)               # Leave out notes, not warnings and errors
    --color: string@"nu-complete mcpjwt completions color" # Use colours: auto, always or never
    --help(-h)                # Print help
    shell: string@"nu-complete mcpjwt completions shell" # bash, zsh, fish, powershell, elvish or nushell
  ]

  def "nu-complete mcpjwt man color" [] {
    [ "auto" "always" "never" ]
  }

  # Print the manual
  export extern "mcpjwt man" [
    --manifest(-m): string    # Use this manifest, or the one of that name in the config folder
    --no-manifest             # Look for no manifest
    --json                    # Answer with one JSON document
    --quiet(-q)               # Leave out notes, not warnings and errors
    --color: string@"nu-complete mcpjwt man color" # Use colours: auto, always or never
    --help(-h)                # Print help (see more with '--help')
    command?: string          # The command
  ]

}

export use completions *
