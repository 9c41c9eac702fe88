// The signatures of providers, with the vectors that they publish.
#include "connectors/wire/vendor_signatures.hpp"

#include "tests/catch.hpp"

using namespace tocsin;
using namespace tocsin::wire;
using namespace std::chrono_literals;

namespace {

// https://docs.slack.dev/authentication/verifying-requests-from-slack
const std::string kSlackSecret = "8f742231b10e8888abcd99yyyzzz85a5";
const std::string kSlackTime = "1531420618";
const std::string kSlackBody =
    "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
    "&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
    "&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F"
    "96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
const std::string kSlackSignature =
    "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503";
const WallTime kSlackNow{1531420618s};

// https://github.com/twilio/twilio-python, tests/unit/test_request_validator.py
const std::string kTwilioToken = "12345";
const std::string kTwilioUrl = "https://mycompany.com/myapp.php?foo=1&bar=2";
const Form kTwilioForm{{"To", "+18005551212"},
                       {"From", "+14158675309"},
                       {"Digits", "1234"},
                       {"CallSid", "CA1234567890ABCDE"},
                       {"Caller", "+14158675309"}};
const std::string kTwilioSignature = "RSOYDt4T1cUTdK1PDd93/VVr8B8=";

bool by_slack(const std::string& signature, const std::string& time, const std::string& body,
              WallTime now = kSlackNow, const std::string& secret = kSlackSecret) {
  return is_signed_by_slack(signature, secret, time, body, now);
}
bool by_twilio(const std::string& signature, const std::string& url, const Form& form,
               const std::string& token = kTwilioToken) {
  return is_signed_by_twilio(signature, token, url, form);
}

}  // namespace

TEST_CASE("Slack's own example is signed as Slack says") {
  CHECK(slack_signature(kSlackSecret, kSlackTime, kSlackBody) == kSlackSignature);
  CHECK(by_slack(kSlackSignature, kSlackTime, kSlackBody));
}

TEST_CASE("what Slack did not sign or signed long ago is refused") {
  CHECK_FALSE(by_slack(kSlackSignature, kSlackTime, kSlackBody + "x"));
  CHECK_FALSE(by_slack(kSlackSignature, "1531420619", kSlackBody));
  CHECK_FALSE(by_slack(kSlackSignature, kSlackTime, kSlackBody, kSlackNow, "another"));
  CHECK_FALSE(by_slack(slack_signature("", kSlackTime, "a=b"), kSlackTime, "a=b", kSlackNow, ""));
  for (const std::string& forged : {std::string(), std::string("v0="), kSlackSignature.substr(3),
                                    "v1=" + kSlackSignature.substr(3), kSlackSignature + "0"})
    CHECK_FALSE(by_slack(forged, kSlackTime, kSlackBody));
  CHECK(by_slack(kSlackSignature, kSlackTime, kSlackBody, kSlackNow + 5min));
  CHECK_FALSE(by_slack(kSlackSignature, kSlackTime, kSlackBody, kSlackNow + 5min + 1s));
  CHECK_FALSE(by_slack(kSlackSignature, kSlackTime, kSlackBody, kSlackNow - 5min - 1s));
  for (const char* time : {"", "now", "1531420618.5", " 1531420618", "9223372036854775807",
                           "-9223372036854775808", "99999999999999999999"})
    CHECK_FALSE(by_slack(slack_signature(kSlackSecret, time, kSlackBody), time, kSlackBody));
}

TEST_CASE("Twilio's own example is signed as Twilio says in whatever order its values come") {
  CHECK(twilio_signature(kTwilioToken, kTwilioUrl, kTwilioForm) == kTwilioSignature);
  CHECK(by_twilio(kTwilioSignature, kTwilioUrl, kTwilioForm));
  CHECK(by_twilio(kTwilioSignature, kTwilioUrl, {kTwilioForm.rbegin(), kTwilioForm.rend()}));
  CHECK(by_twilio(twilio_signature(kTwilioToken, kTwilioUrl, {}), kTwilioUrl, {}));
}

TEST_CASE("what Twilio did not sign is refused") {
  Form other = kTwilioForm;
  other[2].second = "1";
  Form more = kTwilioForm;
  more.emplace_back("Digits", "1");
  CHECK_FALSE(by_twilio(kTwilioSignature, kTwilioUrl, other));
  CHECK_FALSE(by_twilio(kTwilioSignature, kTwilioUrl, more));
  CHECK_FALSE(by_twilio(kTwilioSignature, kTwilioUrl + "3", kTwilioForm));
  CHECK_FALSE(by_twilio(kTwilioSignature, kTwilioUrl, kTwilioForm, "54321"));
  CHECK_FALSE(by_twilio("", kTwilioUrl, kTwilioForm));
  CHECK_FALSE(
      by_twilio(twilio_signature("", kTwilioUrl, kTwilioForm), kTwilioUrl, kTwilioForm, ""));
}

TEST_CASE("Twilio may write out the usual port of a URL or leave it out and no other") {
  const auto signed_for = [](const std::string& url) {
    return twilio_signature(kTwilioToken, url, kTwilioForm);
  };
  const auto good = [&](const std::string& called, const std::string& known) {
    return by_twilio(signed_for(called), known, kTwilioForm);
  };
  CHECK(
      good("https://tocsin.example.com:443/answers/sms", "https://tocsin.example.com/answers/sms"));
  CHECK(
      good("https://tocsin.example.com/answers/sms", "https://tocsin.example.com:443/answers/sms"));
  CHECK(good("http://tocsin.example.com:80/answers/sms", "http://tocsin.example.com/answers/sms"));
  CHECK_FALSE(
      good("https://tocsin.example.com:80/answers/sms", "https://tocsin.example.com/answers/sms"));
  CHECK_FALSE(good("https://tocsin.example.com/answers/sms",
                   "https://tocsin.example.com:8443/answers/sms"));
  CHECK_FALSE(
      good("http://tocsin.example.com/answers/sms", "https://tocsin.example.com/answers/sms"));
}

TEST_CASE("a form is read as it was meant and whatever it is it is read") {
  CHECK(read_form("a=1&b=%2B3+5&&c&d==&%zz=%4") ==
        Form{{"a", "1"}, {"b", "+3 5"}, {"c", ""}, {"d", "="}, {"%zz", "%4"}});
  CHECK(read_form("").empty());
  CHECK(value_of(read_form("a=1&a=2"), "a") == "1");
  CHECK(value_of(read_form("a=1"), "b").empty());
  CHECK(has(read_form("a"), "a"));
  std::string many;
  for (int i = 0; i < 5'000; ++i) many += "x=1&";
  CHECK(read_form(many).size() == kMostFormPairs);
}
