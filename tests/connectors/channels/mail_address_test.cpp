// SPDX-License-Identifier: Apache-2.0
#include "connectors/channels/mail/address.hpp"

#include <catch2/catch.hpp>

using namespace nudged::channels::mail;

TEST_CASE("an address is taken only in the plain form that no command and no header can break on") {
    struct Case {
        const char* name;
        std::string address;
        bool good;
    };
    const auto c = GENERATE(values<Case>({
        {"a usual one", "dana.lee+crm@sales.example.com", true},
        {"marks that RFC 5322 allows", "o'hara_!#$%&*/=?^`{|}~-@example.com", true},
        {"a domain in its ASCII form", "dana@xn--bcher-kva.example", true},
        {"this machine", "root@localhost", true},
        {"64 octets before the @", std::string(64, 'a') + "@example.com", true},
        {"65 octets before the @", std::string(65, 'a') + "@example.com", false},
        {"nothing", "", false},
        {"no @", "dana.example.com", false},
        {"nothing before the @", "@example.com", false},
        {"two @", "dana@x@example.com", false},
        {"no dot in the domain", "dana@example", false},
        {"two dots", "dana..lee@example.com", false},
        {"a dot at the end", "dana@example.com.", false},
        {"a hyphen at the end of a label", "dana@example-.com", false},
        {"brackets", "<dana@example.com>", false},
        {"a name", "Dana <dana@example.com>", false},
        {"two addresses", "dana@example.com,eve@example.com", false},
        {"a command behind a line break", "dana@example.com>\r\nRCPT TO:<eve@example.com", false},
        {"a bare line feed", "dana@example.com\n", false},
        {"a NUL", std::string{"dana\0@example.com", 17}, false},
        {"a quoted local part", "\"dana lee\"@example.com", false},
        {"an address literal", "dana@[127.0.0.1]", false},
        {"letters that need SMTPUTF8", "dána@example.com", false},
        {"a domain that is not ASCII", "dana@bücher.example", false},
    }));
    DYNAMIC_SECTION(c.name) {
        const auto problem = problem_of_address(c.address);
        CHECK(problem.empty() == c.good);
        // Where a log may not show who gets a mail, a problem must not.
        CHECK(problem.find("dana") == std::string::npos);
    }
}

TEST_CASE("a domain is what stands behind the @") {
    CHECK(domain_of("nudged@sales.example.com") == "sales.example.com");
}
