"""The next EdgeSecret rotates the secret, and the rules of a distribution."""

from __future__ import annotations

import unittest

from template.costs import EDGE_PRICES
from template.paths import EDGE
from template.rules import refusals
from template.translate import source

NUMBERS = range(1, 11)


def labels(number: int) -> dict[str, str]:
    return source()["Mappings"]["EdgeSecrets"][str(number)]


def sent(number: int) -> str:
    return labels(number)["Sends"]


class EdgeTest(unittest.TestCase):
    def test_the_next_number_sends_a_new_secret_and_takes_the_old_one(self) -> None:
        parameter = source()["Parameters"]["EdgeSecret"]
        self.assertEqual((1, 10), (parameter["MinValue"], parameter["MaxValue"]))
        for now in NUMBERS:
            after = now % len(NUMBERS) + 1
            with self.subTest(now=now):
                self.assertEqual(labels(now)[sent(now)], labels(after)[sent(now)], "stays valid")
                self.assertNotEqual(sent(now), sent(after))
                self.assertNotEqual(labels(now)[sent(after)], labels(after)[sent(after)], "is new")

    def test_the_page_has_the_prices(self) -> None:
        prices = {name: f"{usd:.2f} USD" for name, usd in EDGE_PRICES.items()}
        text = " ".join(EDGE.read_text(encoding="utf-8").split())
        for sentence in (
            f"Two secrets cost {2 * EDGE_PRICES['secret.month']:.2f} USD a month.",
            f"requests ({prices['https-requests.million']} a million over HTTPS in the USA)",
            f"invocations of its function ({prices['function-invocations.million']} a million)",
            f"reads of the store ({prices['store-reads.million']} a million)",
        ):
            self.assertIn(sentence, text)

    def test_a_distribution_has_keys_and_no_other_door(self) -> None:
        good = {"Edge": "on", "Auth": "keys"}
        self.assertEqual([], list(refusals(good)))
        for more in (
            {"Auth": "iam"},
            {"Auth": "none"},
            {"CorsOrigins": "https://app.example.com"},
            {"DomainName": "a.example.com", "CertificateArn": "arn:aws:acm:us-east-1:1:certificate/a"},
        ):
            with self.subTest(more=more):
                self.assertTrue(any("Edge on" in each for each in refusals({**good, **more})))
