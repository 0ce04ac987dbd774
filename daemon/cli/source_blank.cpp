// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/source_skeleton.hpp"

#include <fmt/format.h>

namespace nudged::cli {

std::string blank_manifest(const std::string& name) {
    return fmt::format(R"(# How nudged talks to {0}. docs/connectors.md explains every key.
#
# 1. Fill in what is marked FILL IN, from the CRM's documentation of its interface.
# 2. nudged config check            tells what is wrong, by line and column
# 3. nudged source test {0}         fetches a page of each stream
# 4. nudged source preview {0} call shows rows beside the records made of them, and what is not read

[connector]
name     = "{0}"
base_url = "{{settings.base_url}}"

[settings]
# Scheme and host, and perhaps a path that all requests share: "https://api.example.com/v1".
base_url = "FILL IN"

# How a request proves who asks. Bearer: the header "Authorization: Bearer …".
# Another header: kind = "header", name = "X-Api-Key", value = "{{credential.token}}".
[auth]
kind       = "bearer"
credential = "token"

# So many requests in any such time; half of what the CRM allows.
[[limiter]]
name     = "general"
capacity = 1
per      = "500ms"

# ── Requests: what can be asked, and where in the answer the list is ─────────────────────────────

[request.list]
get      = "/{{path}}"
query    = {{ limit = "{{limit}}", cursor = "{{page.token}}" }}
limiters = ["general"]
records  = "/data"         # FILL IN: where the list is; "" when the answer is the list
next     = "/next_cursor"  # FILL IN: where the next page's token is
limit    = 100             # FILL IN: the most that a page may hold

# ── Streams: which request tells them, and where in a row our fields are ─────────────────────────
# Places are JSON pointers. Fields that the CRM lacks can be left out, and so can whole streams.

[stream.user]
request = "list"
with    = {{ path = "users" }}          # FILL IN
id      = "/id"
[stream.user.map]
name  = "/name"                        # FILL IN
email = "/email"                       # FILL IN

[stream.opportunity]
request  = "list"
with     = {{ path = "deals" }}         # FILL IN
id       = "/id"
modified = "/updated_at"               # FILL IN
[stream.opportunity.map]
name       = "/title"                  # FILL IN
owner      = "/owner_id"               # FILL IN: a user's id
amount     = "/value"                  # FILL IN
currency   = "/currency"
close_date = "/close_date"             # FILL IN
is_closed  = {{ from = "/status", values = {{ open = "false" }}, otherwise = "true" }}
is_won     = {{ from = "/status", values = {{ won = "true" }}, otherwise = "false" }}
next_step  = "/next_step"

[stream.call]
request  = "list"
with     = {{ path = "calls" }}         # FILL IN
id       = "/id"
modified = "/updated_at"
[stream.call.map]
owner       = "/user_id"               # FILL IN
started_at  = "/started_at"            # FILL IN
duration_s  = "/duration"              # FILL IN: in seconds; of milliseconds: as = "ms_to_s"
direction   = {{ from = "/direction", as = "lower" }}
opportunity = "/deal_id"

[stream.task]
request  = "list"
with     = {{ path = "tasks" }}         # FILL IN
id       = "/id"
modified = "/updated_at"
[stream.task.map]
owner       = "/user_id"               # FILL IN
subject     = "/subject"
due_on      = "/due_date"              # FILL IN: a day; for a moment: due_at
is_done     = "/is_done"               # FILL IN
opportunity = "/deal_id"
)",
                       name);
}

}  // namespace nudged::cli
