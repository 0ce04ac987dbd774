// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/crypto.hpp"
#include "connectors/channels/document.hpp"
#include "connectors/channels/webhook/replies.hpp"
#include "connectors/channels/webhook/signature.hpp"
#include "tests/connectors/channels/hostile.hpp"
#include "tests/paths.hpp"

#include <catch2/catch.hpp>
#include <rapidjson/document.h>
#include <rapidjson/schema.h>
#include <rapidjson/stringbuffer.h>

#include <fstream>
#include <sstream>

using namespace nudged;
using namespace nudged::channels::webhook;
using channels::Outcome;
using channels::render_document;

namespace {

std::string from_hex(std::string_view text) {
    std::string bytes;
    for (std::size_t i = 0; i + 1 < text.size(); i += 2)
        bytes += static_cast<char>(std::stoi(std::string{text.substr(i, 2)}, nullptr, 16));
    return bytes;
}

class Schema {
public:
    Schema() {
        rapidjson::Document text;
        std::ostringstream file;
        file << std::ifstream(NUDGED_SOURCE_DIR "/docs/webhook.schema.json").rdbuf();
        text.Parse(file.str());
        REQUIRE_FALSE(text.HasParseError());
        schema_.emplace(text);
    }
    /// Where a document is not as the schema says; "" when it is.
    std::string fault_of(const std::string& json) {
        rapidjson::Document document;
        constexpr auto flags =
            rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag;
        if (document.Parse<flags>(json.data(), json.size()).HasParseError()) return "no JSON";
        rapidjson::SchemaValidator validator(*schema_);
        if (document.Accept(validator)) return "";
        rapidjson::StringBuffer where;
        validator.GetInvalidDocumentPointer().StringifyUriFragment(where);
        return std::string{where.GetString()} + " " + validator.GetInvalidSchemaKeyword();
    }

private:
    std::optional<rapidjson::SchemaDocument> schema_;
};

model::Message digest() {
    model::Message message;
    message.title = "North · week 2026-W47";
    message.decided_at = parse_instant("2026-11-20T08:00:00Z");
    message.sections.push_back(
        {"Talk",
         "",
         {{"◆", "Acme", "https://crm.example/1", "No next step.", "Next?", {{"owner", "Ana", ""}}}},
         {"rep"},
         {{"Ana"}},
         ""});
    return message;
}

net::HttpResponse answer(int status) {
    net::HttpResponse response;
    response.status = status;
    return response;
}

}  // namespace

TEST_CASE("a signature is that of the vector in the Standard Webhooks test-suite") {
    const auto key = parse_key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    REQUIRE(key);
    CHECK(sign(*key, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", R"({"test": 2432232314})") ==
          "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST_CASE("Ed25519 is that of RFC 8032 §7.1") {
    // TEST 2: the message is the one byte 72.
    const auto seed = from_hex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
    const auto public_key =
        from_hex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
    CHECK(crypto::ed25519_public_key(seed) == public_key);
    CHECK(crypto::hex(crypto::sign_ed25519(seed, "\x72").value()) ==
          "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
          "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
    CHECK_FALSE(crypto::sign_ed25519("short", ""));
    const auto alone = parse_key("whsk_" + crypto::base64(seed));
    const auto both = parse_key("whsk_" + crypto::base64(seed + public_key));
    REQUIRE(alone);
    REQUIRE(both);
    CHECK(sign(*alone, "msg_1", "1", "{}") == sign(*both, "msg_1", "1", "{}"));
    CHECK(sign(*alone, "msg_1", "1", "{}") ==
          "v1a," + crypto::base64(crypto::sign_ed25519(seed, "msg_1.1.{}").value()));
    CHECK_FALSE(parse_key("whsk_" + crypto::base64(seed + seed)));
}

TEST_CASE("what is no signing key is none") {
    const auto with = [](std::size_t bytes) {
        return "whsec_" + crypto::base64(std::string(bytes, 'k'));
    };
    CHECK(parse_key(with(24)));
    CHECK(parse_key(with(64)));
    for (const auto& secret :
         {with(23), with(65), std::string{""}, std::string{"whsec_"}, std::string{"secret"},
          std::string{"whpk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"},
          std::string{"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS"},
          std::string{"whsec_MfKQ9r8GKYqr TwjUPD8ILPZIo2LaLaSw"}}) {
        CAPTURE(secret);
        CHECK_FALSE(parse_key(secret));
    }
}

TEST_CASE("base64 is read strictly: the vectors of RFC 4648 §10, and nothing near them") {
    CHECK(crypto::from_base64("") == "");
    CHECK(crypto::from_base64("Zg==") == "f");
    CHECK(crypto::from_base64("Zm8=") == "fo");
    CHECK(crypto::from_base64("Zm9vYmFy") == "foobar");
    for (const auto* text : {"Zg", "Zg=", "Zh==", "Zm8 ", "Zm8=\n", "====", "Z===", "Zm9-"}) {
        CAPTURE(text);
        CHECK_FALSE(crypto::from_base64(text));
    }
}

TEST_CASE("an id has no full stop, whatever the key") {
    CHECK(message_id("0123abcdef") == "msg_0123abcdef");
    // Keys of notices have slashes and points: they are hashed.
    const auto hashed = message_id("backup.failed/1/down");
    CHECK(hashed.size() == 4 + 32);
    CHECK(hashed.find_first_not_of("msg_0123456789abcdef") == std::string::npos);
    CHECK(message_id("backup.failed/1/down") == hashed);
    CHECK(message_id("backup.failed/1/up") != hashed);
    CHECK(message_id("").size() == 4 + 32);
}

TEST_CASE("what is posted is as the published schema says") {
    Schema schema;
    const auto json = render_document(digest(), 20'000);
    CHECK(schema.fault_of(json) == "");
    CHECK(json.starts_with(
        R"({"type":"digest.daily","timestamp":"2026-11-20T08:00:00Z","data":{"schema_version":1,)"));
    CHECK(schema.fault_of(channels::thin_document(json).value()) == "");
    CHECK_FALSE(channels::thin_document(*channels::thin_document(json)));
    // The schema tells what is wrong, or the rest of this file would prove nothing.
    CHECK(schema.fault_of(R"({"type":"digest.daily","timestamp":"now","data":{}})") != "");
    CHECK(schema.fault_of(R"({"type":"x"})") != "");
    tests::Hostile hostile(20261122);
    for (int round = 0; round < 100; ++round) {
        const auto document = render_document(hostile.message(), 20'000);
        CAPTURE(round, document);
        REQUIRE(schema.fault_of(document) == "");
        REQUIRE(document.size() <= 20'000);
    }
}

TEST_CASE("a document names the findings of its items, and which of them are over") {
    Schema schema;
    auto message = digest();
    auto& item = message.sections[0].items[0];
    const std::string id(32, 'a');
    item.findings = {{id, "opp.past_close", "Acme", "Late.", "https://crm.example/1"},
                     {std::string(32, 'b'), "opp.idle", "Acme", "Quiet.", "", true}};
    const auto json = render_document(message, 20'000);
    CHECK(schema.fault_of(json) == "");
    CHECK(json.find(R"("findings":[{"id":")" + id +
                    R"(","check":"opp.past_close","title":"Acme","state":"open"},{"id":")" +
                    std::string(32, 'b') +
                    R"(","check":"opp.idle","title":"Acme","state":"resolved"}])") != json.npos);
    message.kind = model::Message::Kind::resolved;
    CHECK(schema.fault_of(render_document(message, 20'000)) == "");
    CHECK(render_document(message, 20'000).starts_with(R"({"type":"alert.resolved",)"));
    // An item of no finding reads as it always did.
    CHECK(render_document(digest(), 20'000).find("findings") == json.npos);
    // Of 3,000 the step that fits tells 100.
    item.findings.assign(3'000, item.findings[0]);
    const auto many = render_document(message, 20'000);
    CHECK(many.size() <= 20'000);
    CHECK(schema.fault_of(many) == "");
    CHECK(many.find("\"findings_left_out\":2900") != many.npos);
}

TEST_CASE("a document stays within its bytes, and tells what it left out") {
    for (const auto* text : {"x", "😀", "\"", "\\", "\x01"})
        for (const std::size_t count : {1, 4}) {
            const auto value = tests::repeated(text, count == 4 ? 200 : 100'000);
            CAPTURE(text, count);
            CHECK(render_document(tests::everywhere(value, count), 20'000).size() <= 20'000);
        }
    auto message = digest();
    message.sections[0].items.assign(2'000, message.sections[0].items[0]);
    const auto json = render_document(message, 20'000);
    CHECK(json.size() <= 20'000);
    // Of 2,000 the step that fits shows 25.
    CHECK(json.find("\"items_left_out\":1975") != std::string::npos);
    CHECK(channels::thin_document(json)->find("\"sections_left_out\":1") != std::string::npos);
}

TEST_CASE("a redirect passes three times, a denial for a day, and neither after a success") {
    Replies replies;
    const auto start = parse_instant("2026-11-20T08:00:00Z").value();
    const auto outcome = [&](int status, std::chrono::hours later) {
        return std::string{to_string(replies.classify(answer(status), start + later).outcome)};
    };
    using std::chrono::hours;
    for (int i = 0; i < 3; ++i) CHECK(outcome(302, hours{0}) == "transient");
    CHECK(outcome(302, hours{0}) == "refused_destination");
    CHECK(outcome(200, hours{0}) == "delivered");
    CHECK(outcome(302, hours{0}) == "transient");
    CHECK(outcome(403, hours{1}) == "transient");
    CHECK(outcome(404, hours{24}) == "transient");
    CHECK(outcome(403, hours{25}) == "refused_destination");
    CHECK(outcome(204, hours{26}) == "delivered");
    CHECK(outcome(403, hours{27}) == "transient");
}
