// SPDX-License-Identifier: Apache-2.0
// What was agreed stands in a private Google sheet, leave in a file: no command says a word of it.
#include "connectors/base/calendar.hpp"
#include "connectors/base/instant.hpp"
#include "connectors/base/zone.hpp"
#include "tests/crmsim/json.hpp"
#include "tests/daemon/cli/site.hpp"
#include "tests/paths.hpp"
#include "tests/support/rsa_key.hpp"

#include <catch2/catch.hpp>

#include <fmt/format.h>

#include <csignal>
#include <filesystem>

using namespace nudged;
using namespace nudged::tests;
using Catch::Contains;

namespace {

constexpr const char* account = "nudged@team.iam.gserviceaccount.com";

constexpr const char* tables = R"(
[source]
name = "office"
connector = "csv"
poll = "1h"
[[source.table]]
file = "reps.csv"
entity = "user"
id = "id"
map = { name = "name", email = "email" }
[[source.table]]
file = "dials.csv"
entity = "call"
complete = true
id = "id"
map = { owner = "rep", started_at = "at", direction = { constant = "outbound" } }
[[source.table]]
file = "leave.csv"
entity = "leave"
delimiter = ";"
[source.table.map]
rep = "Who"
from = { from = ["First day"], as = "date", format = "%d.%m.%Y" }
)";

/// The columns are called as people call them, and none of them is an id.
constexpr const char* private_sheet = R"(
[source]
name = "team-sheet"
connector = "http"
manifest = "google-sheets"
poll = "1h"
streams = ["commitment"]
[source.settings]
base_url = "{0}"
token_url = "{0}/token"
spreadsheet = "demo"
commitments = "Agreed!A:F"
[source.credentials]
client_email = {{ file = "{1}" }}
private_key = {{ file = "{2}" }}
[source.fields.commitment]
rep = "/Who"
note = "/Remarks"
)";

constexpr const char* kpis = R"(
[[kpi]]
name = "dials"
label = "Dials"
measure = "dials"
target = 20
why = "Ninety dials a week become one deal."
)";

/// Ana has dialled ten times in each of the seven weeks before this one, two on each day, and was
/// away on the Friday of the week before the last. Two weeks ago everything has settled.
class Office {
public:
    Office() {
        site.add_team("http://127.0.0.1:1/services/nobody");
        const auto& folder = site.folder();
        folder.write("kpis.toml", kpis);
        folder.write("manifests/google-sheets.toml",
                     read_file(NUDGED_SOURCE_DIR "/connectors/manifests/google-sheets.toml"));
        folder.write("sources.d/office.toml", tables);
        folder.write("sources.d/reps.csv", "id,name,email\nu1,Ana,ana.duarte@kestrel.example\n");
        const auto day = [](std::chrono::local_days date) { return format_date(date); };
        std::string dials = "id,rep,at\n";
        for (int back = 7; back > 0; --back)
            for (int i = 0; i < 10; ++i)
                dials += fmt::format("{}-{},u1,{}T12:{:02}:00Z\n", back, i,
                                     day(now.plus(-back).monday() + std::chrono::days{i / 2}), i);
        folder.write("sources.d/dials.csv", dials);
        const auto friday = day(now.plus(-2).monday() + std::chrono::days{4});
        folder.write("sources.d/leave.csv",
                     fmt::format("Who;First day\nana;{}.{}.{}\n", friday.substr(8, 2),
                                 friday.substr(5, 2), friday.substr(0, 4)));
        const auto email = secret("email", account);
        const auto pem = secret("key", key_.private_pem);
        folder.write("sources.d/team-sheet.toml",
                     fmt::format(fmt::runtime(private_sheet), google.url(), email, pem));
        loopback::JsonWriter trust;
        trust.StartObject();
        trust.member("client_email", account);
        trust.member("public_key", key_.public_pem);
        trust.EndObject();
        google.order("/_sim/dialect/trust", trust.str());
    }

    /// What the manager has written into the sheet, below its header.
    void write_sheet(const std::string& rows) const {
        google.order("/_sim/dialect/sheet",
                     fmt::format(R"({{"name":"Agreed","rows":[)"
                                 R"(["Who","kpi","from","to","week","Remarks"],{}]}})",
                                 rows));
    }
    std::string row(int to) const { return fmt::format(R"(["ana","dials",8,{},"{}"])", to, past); }
    std::string sync() const {
        const auto done = site.nudged({"sync"});
        CAPTURE(done.output);
        CHECK(done.status == 0);
        return done.output;
    }
    std::string revisions() const {
        return site.rows("SELECT revision, baseline, promised, state, reason FROM commitment");
    }
    /// The verdict, what the week came to and how many days of it were worked.
    std::string verdict() const {
        return site.rows("SELECT status, value, working_days FROM v_commitment");
    }

    Site site;
    Crm google{{"--dialect", "google-sheets"}};
    IsoWeek now = IsoWeek::of(Zone::utc().local_day(system_now()));
    std::string past = now.plus(-2).str();
    std::string next = now.plus(1).str();

private:
    std::string secret(const std::string& name, const std::string& text) const {
        auto file = site.folder().write("secrets/" + name, text);
        std::filesystem::permissions(file, std::filesystem::perms::owner_read);
        return file;
    }
    RsaKey key_ = make_rsa_key();
};

}  // namespace

TEST_CASE("a sync without a daemon takes what was agreed and who is away from their sheets") {
    const Office office;
    office.write_sheet(office.row(12) +
                       fmt::format(R"(,["ben","dials",30,"more","{}"])", office.next));
    const auto first = office.sync();
    CHECK_THAT(first, Contains("office       leave                    1 rows, 1 new, 0 changed\n"));
    CHECK_THAT(first, Contains("team-sheet   commitment               2 rows, 1 new, 0 changed, "
                               "1 refused: `nudged commit refused` tells which, and why\n"));
    CHECK(office.revisions() == "1\t8.0\t12.0\tagreed\t\t\n");
    const auto refused = office.site.nudged({"commit", "refused"}).output;
    CHECK_THAT(refused, Contains("rep ben, kpi dials, from 30, to more") &&
                            Contains("\"more\" is no number") && Contains("team-sheet"));
    CHECK_THAT(office.site.nudged({"away", "list"}).output,
               Contains("Ana Duarte") && Contains("sheet office"));

    // Ben has thought of a number, and Ana of another one.
    office.write_sheet(office.row(11) + fmt::format(R"(,["ben","dials",30,36,"{}"])", office.next));
    CHECK_THAT(office.sync(), Contains("2 rows, 1 new, 1 changed\n"));
    CHECK_THAT(office.site.nudged({"commit", "refused"}).output, !Contains("ben"));
    CHECK(office.revisions() == "1\t8.0\t12.0\tagreed\t\t\n"
                                "2\t8.0\t11.0\tagreed\tchanged in the sheet team-sheet\t\n"
                                "1\t30.0\t36.0\tagreed\t\t\n");

    // A sheet that is no longer shared takes nothing back, and says what is to be done.
    office.google.order("/_sim/dialect/share", R"({"shared":false})");
    const auto closed = office.site.nudged({"sync", "--source", "team-sheet"});
    CHECK(closed.status == 1);
    CHECK_THAT(closed.output, Contains("team-sheet   commitment"));
    CHECK_THAT(office.site.nudged({"commit", "refused"}).output,
               Contains("the sheet cannot be read"));
    CHECK(office.site.rows("SELECT count(*) FROM v_commitment") == "2\t\n");
}

TEST_CASE("the daemon judges what a sheet says by the days that another leaves") {
    const Office office;
    // 12 of 5 days are 9.6 of 4: ten dials meet it, and are 4 % more. Were it five days, ten would
    // be half of the way from 8 to 12.
    office.write_sheet(office.row(12));
    auto daemon = office.site.start_daemon();
    CHECK(eventually([&] { return office.verdict() == "met\t10.0\t4.0\t\n"; }));
    CAPTURE(office.verdict());

    // 11 of 5 days are 8.8 of 4: ten are 14 % more.
    office.write_sheet(office.row(11));
    const auto output = office.sync();
    CHECK_THAT(output, Contains("team-sheet   commitment               1 rows, 0 new, 1 changed"));
    CHECK(eventually([&] { return office.verdict() == "exceeded\t10.0\t4.0\t\n"; }));
    CHECK_THAT(office.revisions(), Contains("1\t8.0\t12.0\tagreed\t\t\n") &&
                                       Contains("\t8.0\t11.0\tagreed\tchanged in the sheet "));
    daemon.signal(SIGTERM);
    CHECK(daemon.wait() == 0);
}
