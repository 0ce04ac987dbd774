// SPDX-License-Identifier: Apache-2.0
#include "tests/adversary/trial.hpp"

#include "daemon/warehouse/rollups_verify.hpp"
#include "tests/adversary/chains.hpp"
#include "tests/adversary/comparison.hpp"
#include "tests/adversary/editor.hpp"
#include "tests/adversary/puller.hpp"
#include "tests/support/process.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nudged::adversary {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t recount_every = 20;  // seeds

/// A few of what the CRM carries: more would take longer, and tell no more.
std::set<Entity> some_entities(const Crm& crm, Random& random) {
    std::set<Entity> some{random.pick(crm.entities).entity};
    for (const auto& carried : crm.entities)
        if (random.one_in(5)) some.insert(carried.entity);
    return some;
}

std::vector<ObjectType> types_of(const Crm& crm, const std::set<Entity>& entities) {
    std::set<ObjectType> types;
    for (const auto& carried : crm.entities)
        if (entities.contains(carried.entity)) types.insert(carried.type);
    return {types.begin(), types.end()};
}

/// What every CRM does on a bad day, and what stands before it.
constexpr std::string_view faults[] = {
    R"("status":500)",
    R"("status":503)",
    R"("status":502,"body":"<html><h1>Bad Gateway</h1></html>")",
    R"("status":504,"body":"")",
    R"("status":200,"body":"")",
    R"("status":200,"body":"<html><h1>We will be back soon</h1></html>")",
    R"("status":200,"body":"null")",
    R"("status":429)",
    R"("status":429,"headers":{"Retry-After":"0"})",
    R"("kind":"reset")",
    R"("kind":"reset_in_body")",
    R"("kind":"truncate")",
    R"("kind":"malformed")",
    R"("kind":"deep_json","depth":2000)",
};
constexpr std::string_view session_ended = R"("status":401)";
constexpr std::string_view long_throttle = R"("status":429,"headers":{"Retry-After":"7200"})";

bool ends_sessions(const Upset& upset) {
    return upset.path.starts_with("end_") || upset.path == "expire-access-tokens";
}

class Trial {
public:
    Trial(tests::HttpBench& bench, const Crm& crm, std::uint64_t seed);
    Verdict run();

private:
    void step();
    void pull();
    void meddle_with_next_pull();
    void fault();
    enum class SessionEnd { none, refused, expired };
    bool may_end_session(SessionEnd how);
    void move_clock();
    void set_back();
    void answer_at_once();
    void pull_everything();
    void settle();
    std::string judge(bool purged_too);
    sources::SourceOptions options(tests::HttpBench& bench) const;

    std::uint64_t seed_;
    Random random_;
    std::set<Entity> entities_;
    Editor editor_;
    Log log_;
    Copy copy_;
    Account account_;
    Puller puller_;
    SessionEnd session_end_ = SessionEnd::none;
    std::int64_t stop_at_ = 0;  // the request during which the process ends; 0: none
};

Trial::Trial(tests::HttpBench& bench, const Crm& crm, std::uint64_t seed)
    : seed_(seed),
      random_(seed),
      entities_(some_entities(crm, random_)),
      editor_(random_, types_of(crm, entities_)),
      account_(bench, crm, editor_.begin(bench.now),
               random_.one_in(2) ? 0ms : random_.between(0ms, crm.lag)),
      puller_(account_, copy_, log_, options(bench), entities_) {}

sources::SourceOptions Trial::options(tests::HttpBench& bench) const {
    const auto& crm = account_.crm;
    auto options = source_options(bench, crm, account_.url());
    auto& http = std::get<sources::HttpSourceOptions>(options.connector_options);
    for (const auto entity : entities_) http.streams.emplace_back(to_string(entity));
    for (const auto stream : crm.streams) http.streams.emplace_back(stream);
    if (!crm.history_stream.empty() && entities_.contains(Entity::opportunity))
        http.streams.emplace_back(crm.history_stream);
    return options;
}

/// Even so an answer takes a moment: of two fetches, one after the other, one began later.
void Trial::answer_at_once() {
    account_.before_answer = [this](int) { account_.pass(1ms); };
}

/// Edits in the middle of a pull, and an answer that takes its time.
void Trial::meddle_with_next_pull() {
    const auto last = random_.one_in(2) ? random_.between(1, 6) : 0;
    account_.before_answer = [this, last](int request) {
        account_.pass(random_.one_in(10) ? random_.between(1ms, 5s) : random_.between(1ms, 30ms));
        // From here on the trial goes on beside this answer, so that chance is the trial's alone.
        if (request == stop_at_) return account_.bench.cancel();
        if (request > last || !random_.one_in(2)) return;
        log_.add(fmt::format("  before request {}: {}", request, editor_.edit(account_)));
    };
}

void Trial::pull() {
    meddle_with_next_pull();
    const auto stream = random_.pick(puller_.streams());
    if (random_.one_in(5)) {
        puller_.pull_turn(stream);
    } else {
        const auto pages = random_.between(1, 4);
        for (std::int64_t page = 0; page < pages; ++page) {
            auto fate = Fate::stored;
            if (random_.one_in(12)) fate = Fate::stored_then_killed;
            if (random_.one_in(12)) fate = Fate::lost_by_kill;
            if (random_.one_in(30)) fate = Fate::lost_by_writer;
            if (random_.one_in(15)) fate = Fate::stopped;
            stop_at_ = fate == Fate::stopped ? random_.between(1, 4) : 0;
            const auto outcome = puller_.pull_page(stream, fate);
            if (outcome.failed || !outcome.more) break;
        }
    }
    stop_at_ = 0;
    answer_at_once();
}

/// A session that ends again as soon as it is renewed is a credential that is refused: it is
/// refused once at most, or expires now and then.
bool Trial::may_end_session(SessionEnd how) {
    if (session_end_ != SessionEnd::none && (how == SessionEnd::refused || session_end_ != how))
        return false;
    session_end_ = how;
    return true;
}

void Trial::fault() {
    const auto& crm = account_.crm;
    if (!crm.upsets.empty() && random_.one_in(3)) {
        const auto& upset = random_.pick(crm.upsets);
        if (ends_sessions(upset) && !may_end_session(SessionEnd::expired)) return;
        account_.order(upset);
        log_.add(fmt::format("upset: {}", upset.path));
        return;
    }
    const bool is_own = !crm.refusals.empty() && random_.one_in(3);
    auto kind = is_own ? random_.pick(crm.refusals) : random_.pick(faults);
    if (random_.one_in(15)) kind = long_throttle;
    auto times = random_.one_in(6) ? 8 : random_.between(1, 3);
    if (kind.starts_with(session_ended)) {
        if (!may_end_session(SessionEnd::refused)) return;
        times = 1;
    }
    const auto order = fmt::format(R"({{"match":"{}","skip":{},"times":{},{}}})",
                                   random_.pick(crm.requests), random_.between(0, 3), times, kind);
    account_.order("POST", "/_sim/fault", order);
    log_.add("fault " + order);
}

/// As far as half of the look-back makes up for, and so that peace is later than all before it.
void Trial::set_back() {
    const std::chrono::milliseconds most =
        std::min<std::chrono::milliseconds>(account_.crm.lookback / 2, 4min);
    const auto room = most - (account_.server_latest() - account_.server_now());
    if (room <= 0ms) return;
    const auto time = random_.between(1ms, room);
    account_.skew_server(-time);
    log_.add(fmt::format("the CRM's clock goes {} ms back", time.count()));
}

void Trial::move_clock() {
    const auto choice = random_.between(0, 9);
    auto time = random_.between(1s, 10min);
    if (choice == 0) time = random_.between(1h, 30h);
    if (choice == 1) time = random_.between(20min, 90min);
    if (choice == 4) return set_back();
    if (choice == 2) {
        account_.skew_server(time);
        log_.add(fmt::format("the CRM's clock jumps {} ms ahead", time.count()));
    } else if (choice == 3) {
        account_.skew_ours(time);
        log_.add(fmt::format("our clock jumps {} ms ahead", time.count()));
    } else {
        account_.pass(time);
        log_.add(fmt::format("{} ms pass, the CRM has {}", time.count(),
                             format_instant(account_.server_now())));
    }
}

void Trial::step() {
    const auto choice = random_.between(1, 100);
    if (choice <= 30) {
        log_.add(editor_.edit(account_));
    } else if (choice <= 72) {
        pull();
    } else if (choice <= 86) {
        move_clock();
    } else if (choice <= 94) {
        fault();
    } else if (choice <= 97) {
        puller_.kill();
        log_.add("killed");
    } else if (random_.one_in(4)) {
        puller_.begin_anew();
    } else if (account_.crm.asks_by_id) {
        puller_.ask_for_all(*entities_.begin());
    }
}

void Trial::pull_everything() {
    for (const auto stream : puller_.streams()) puller_.pull_turn(stream);
}

/// Peace: all that is promised within a lag or a look-back has to come true now.
void Trial::settle() {
    log_.add("peace");
    account_.order("DELETE", "/_sim/fault", "");
    for (const auto& order : account_.crm.calming) account_.order(order);
    puller_.kill();
    puller_.expect_peace();
    answer_at_once();
    account_.pass(5min);
    pull_everything();
    account_.pass(account_.crm.deep);
    pull_everything();
    // The admin looks, finds that the records are gone indeed, and says so.
    if (puller_.needs_admin()) puller_.begin_anew();
    puller_.expect_rest();
    account_.pass(5min);
    pull_everything();
}

std::string Trial::judge(bool purged_too) {
    // What went wrong on the way shows best in the last steps: the end is not worth more.
    const bool is_settled = puller_.problems().empty();
    auto pulled = is_settled ? entities_ : std::set<Entity>{};
    if (is_settled)
        for (const auto name : account_.crm.streams) pulled.insert(*model::entity_of(name));
    auto all = puller_.problems();
    for (auto& difference : differences(account_, copy_, pulled, purged_too))
        all.push_back(std::move(difference));
    for (auto& broken : broken_chains(copy_)) all.push_back(std::move(broken));
    if (seed_ % recount_every == 0)
        for (const auto& wrong : warehouse::verify_rollups(copy_.database()))
            all.push_back(fmt::format("{} of {} on {}: {} is stored, {} counted", wrong.measure,
                                      wrong.user, wrong.day, wrong.stored, wrong.counted));
    std::string text;
    for (const auto& problem : all) text += problem + "\n";
    return text;
}

Verdict Trial::run() {
    const auto& crm = account_.crm;
    account_.skew_server(random_.one_in(2) ? random_.between(0ms, 10min) : 0ms);
    account_.skew_ours(random_.one_in(2) ? random_.between(0ms, 10min) : 0ms);
    answer_at_once();
    const auto steps = random_.between(10, 60);
    for (std::int64_t i = 0; i < steps && puller_.problems().empty(); ++i) step();
    if (puller_.problems().empty()) settle();
    auto problems = judge(crm.tells_purged);
    if (!problems.empty() || crm.tells_purged || !crm.asks_by_id) return {problems, log_.text()};
    // Asking by ids would also mend what the lanes have missed, so it comes last.
    for (const auto entity : entities_) puller_.ask_for_all(entity);
    return {judge(true), log_.text()};
}

}  // namespace

Verdict run_trial(tests::HttpBench& bench, const Crm& crm, std::uint64_t seed) {
    bench.now = *parse_instant("2026-11-20T12:00:00Z");
    const tests::TempFolder tokens;  // outlives a kill
    bench.tokens = {tokens.path().string(), Secret{"a key of thirty-two bytes or so."}};
    return Trial{bench, crm, seed}.run();
}

}  // namespace nudged::adversary
