// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/view_manual.hpp"

#include "connectors/base/text.hpp"
#include "daemon/warehouse/measures.hpp"
#include "daemon/warehouse/schema.hpp"

#include <fmt/format.h>

#include <optional>

namespace nudged::warehouse {
namespace {

constexpr std::string_view introduction = R"(# The warehouse's views

The views are what SQL users and BI tools may rely on: their columns keep their names and meanings from release to
release. The tables below them do not. Look without disturbing the daemon, with nudged or with any reader of SQLite
(the `sqlite3` shell, Metabase, Grafana), which opens `nudged.db` read-only:

    nudged warehouse sql "SELECT owner, count(*) FROM v_opportunity WHERE NOT is_closed GROUP BY owner"
    sqlite3 -readonly /var/lib/nudged/nudged.db ".schema v_call"

* Instants are ISO 8601 text in UTC (`2026-11-20T08:15:00Z`); dates and weeks are text (`2026-11-20`, `2026-W47`).
* `source` and `id` together name a record. Columns that end in `_id` hold the CRM's id of another record of the same
  source; `person_id` is nudged's, one human across all sources.
* `owner`, `owner_email`, `team` and `manager` are those of the person behind `owner_id`. What was done (calls, meetings,
  e-mails, completed tasks) is the person's whose work the user's was on that day (`v_user`); what is open is the
  present one's. They are null for a user whom the CRM never told (`v_unknown_owner`).
* Flags are 0 or 1. Deleted records are left out, but for `v_opportunity_period` and `v_tombstone`.
* `extra` is a JSON object of the fields that your sources add (`extra` in docs/connectors.md), its keys in order,
  without those that are empty; null when there is none: `json_extract(extra, '$.segment')`.

What an opportunity looked like on a day stands in `v_opportunity_period`; `nudged warehouse show opportunity ID --as-of
DAY` asks it:

    SELECT name, stage, amount, close_date FROM v_opportunity_period
     WHERE valid_from <= '2026-09-30T22:00:00Z' AND valid_until > '2026-09-30T22:00:00Z'

`v_week_edit` compares what the KPIs of `kpis.toml` came to, of each person in a team and each of the last sixteen
complete weeks, from one evaluation of the running daemon to the next. A week counts as complete once it has settled
(`settle` in `checks.toml`) and every source has been read since.

Now and then sums are counted anew: a measure that a new release defines otherwise, a person who has moved to another
time zone, `nudged warehouse rebuild`. Until that is done `value` is null and `is_proven` is 0, and days and weeks may be
absent that counted something; `v_measure` says it of a whole measure. `nudged status` shows how far it is.

Why a record is gone (`v_tombstone.why`): `deleted`, as the CRM says; `merged` into another, `into_id` where the CRM names
it; `vanished` from a list that tells everything, or `not_found` when it was asked for by its id: it was purged, or the
CRM no longer shows it to nudged's user; `left`: it is another kind of record now, such as a task that became a call.
)";

constexpr std::string_view measures_introduction = R"(
## Measures

Those of `v_rep_week` and `v_rep_day`, each by the local day of the one for whom it counts; your own (`[[measure]]` in
`kpis.toml`) stand beside them:

| measure | unit | counts |
| --- | --- | --- |
)";

bool is_word(char letter) {
    return letter == '_' || (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9');
}

/// "v_call" and "a call" of "-- v_call: a call".
bool read_heading(std::string_view line, ViewDescription& view) {
    if (!line.starts_with("-- v_")) return false;
    const auto colon = line.find(": ");
    if (colon == line.npos) return false;
    view = {.name = std::string{line.substr(3, colon - 3)},
            .row = std::string{line.substr(colon + 2)},
            .columns = {}};
    return true;
}

/// "subject" and "its title" of "c.subject AS subject, -- its title".
std::optional<ViewColumn> read_column(std::string_view line) {
    const auto comment = line.rfind(" -- ");
    if (comment == line.npos) return std::nullopt;
    const auto code = trim(line.substr(0, comment));
    const auto as = code.rfind("AS ");
    if (as == code.npos) return std::nullopt;
    ViewColumn column{.name = {}, .meaning = std::string{line.substr(comment + 4)}};
    for (const char letter : code.substr(as + 3))
        if (is_word(letter)) column.name += letter;
    return column;
}

}  // namespace

std::vector<ViewDescription> describe_views() {
    std::vector<ViewDescription> views;
    for (const auto& script : view_scripts()) {
        std::string_view rest = script.sql;
        while (!rest.empty()) {
            const auto end = rest.find('\n');
            const auto line = rest.substr(0, end);
            rest = end == rest.npos ? std::string_view{} : rest.substr(end + 1);
            ViewDescription view;
            if (read_heading(line, view))
                views.push_back(std::move(view));
            else if (auto column = read_column(line); column && !views.empty())
                views.back().columns.push_back(std::move(*column));
        }
    }
    return views;
}

std::string render_view_manual() {
    std::string text{introduction};
    text += "\nThis page is made by `nudged warehouse views` from the comments in the views "
            "themselves.\n";
    for (const auto& view : describe_views()) {
        text += fmt::format("\n## {}\n\nOne row: {}.\n\n| column | |\n| --- | --- |\n", view.name,
                            view.row);
        for (const auto& column : view.columns)
            text += fmt::format("| `{}` | {} |\n", column.name, column.meaning);
    }
    text += measures_introduction;
    for (const auto& measure : measures())
        text += fmt::format("| `{}` | {} | {} |\n", measure.name, measure.unit, measure.meaning);
    return text;
}

}  // namespace nudged::warehouse
