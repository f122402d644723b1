using System.Text.RegularExpressions;

namespace FollowUp.Core.Texts;

/// <summary>
/// Finds what a text must not say, because only somebody who sees the patient may: a diagnosis, a change of medicine or its name, or that
/// all is well. A scanner of wordings in English and Spanish, made to catch slips; it does not replace the clinician who approves a plan.
/// </summary>
internal static partial class ForbiddenContent
{
    /// <summary>Everything of the kind in the text, at most one finding of each rule.</summary>
    public static IEnumerable<ForbiddenWording> Find(string text)
    {
        if (Array.Find(Matches(DiagnosisWord(), text), match => !IsAsked(text, match)) is Match diagnosis)
        {
            yield return new(
                diagnosis.Value,
                "reads like a diagnosis",
                "Describe what can be expected and ask the patient to call; leave the diagnosis to the clinician.");
        }

        if (Array.Find(Matches(MedicineChange(), text), _ => true) is Match change)
        {
            yield return new(change.Value, "tells the patient to change a medicine", "Ask the patient to call before changing anything.");
        }

        if (Array.Find(Matches(MedicineName(), text), _ => true) is Match medicine)
        {
            yield return new(medicine.Value, "names a medicine", "Leave the name out and ask the patient to call.");
        }

        if (Array.Find(Matches(Reassurance(), text), match => !IsAsked(text, match)) is Match reassurance)
        {
            yield return new(reassurance.Value, "says that all is well, unseen", "Say what is expected, for how long, and when to call.");
        }
    }

    private static Match[] Matches(Regex rule, string text) => rule.Matches(text).ToArray();

    /// <summary>Whether the words stand in a question: "prone to cold sores?" asks, and tells nothing.</summary>
    private static bool IsAsked(string text, Match match)
    {
        int end = text.AsSpan(match.Index + match.Length).IndexOfAny(".!?");
        return end >= 0 && text[match.Index + match.Length + end] == '?';
    }

    private const string Conditions =
        "(?:infect(?:ion|ed)|allerg(?:y|ies|ic)|inflammation|dermatitis|eczema|rosacea|herpes|cold\\s+sores?|cellulitis|hyperpigmentation"
        + "|keloids?|necrosis|sepsis"
        + "|infecci[oó]n|infectad[oa]|alergia|al[eé]rgic[oa]|inflamaci[oó]n|celulitis|hiperpigmentaci[oó]n|queloides?)";

    [GeneratedRegex(
        @"\b(?:diagnos\w*|diagn[oó]stic\w*"
        + @"|(?:you|it|this|that|skin)(?:\s+(?:may|might|could|probably|likely|surely))*(?:'ve|'s|\s+have|\s+has|\s+is|\s+are|\s+be)"
        + @"\s+(?:got\s+|called\s+)?(?:an?\s+|the\s+)?(?:\w+\s+)?" + Conditions
        + @"|(?:looks?|sounds?|seems?)\s+like\s+(?:an?\s+)?" + Conditions
        + @"|(?:tienes|tiene|es|parece|padeces|sufres)\s+(?:de\s+)?(?:una?\s+)?" + Conditions + @")\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex DiagnosisWord();

    private const string EnglishMedicines =
        "(?:medicines?|medications?|meds|pills?|tablets?|dos(?:e|es|age)|prescriptions?"
        + "|blood\\s+thinners?|antibiotics?|painkillers?|antivirals?|steroids?)";

    private const string SpanishMedicines =
        "(?:medicamentos?|medicinas?|medicaci[oó]n|pastillas?|dosis|anticoagulantes?|antibi[oó]ticos?|analg[eé]sicos?)";

    // "Ask before changing" and "never stop your medicine by yourself" are what a text should say.
    private const string UnlessWarned = @"(?<!\b(?:not|never|n't|before|without|to|(?:before|if|whether)\s+you)\s)";
    private const string UnlessWarnedInSpanish = @"(?<!\b(?:no|nunca|antes\s+de|sin|si)\s)";

    [GeneratedRegex(
        @"\bstop\s+taking\b|\bdeja\s+de\s+tomar\b"
        + "|" + UnlessWarned
        + @"\b(?:stop|quit|pause|skip|start|begin|take|avoid|increase|raise|reduce|lower|double|halve|change|switch|adjust|continue|resume"
        + @"|restart|discontinue)\s+(?:taking\s+|using\s+|with\s+)?(?:your\s+|any\s+|all\s+|the\s+|an?\s+)?(?:\w+\s+)?" + EnglishMedicines + @"\b"
        + "|" + UnlessWarnedInSpanish
        + @"\b(?:deja|dejes|suspende|suspenda|toma|tome|evita|evite|aumenta|aumente|reduce|reduzca|cambia|cambie|interrumpe|interrumpa)"
        + @"\s+(?:de\s+tomar\s+)?(?:tus?\s+|sus?\s+|la\s+|los\s+|las\s+|el\s+|una?\s+)?" + SpanishMedicines + @"\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex MedicineChange();

    [GeneratedRegex(
        @"\b(?:aspirin[ae]?|ibuprofen[o]?|advil|motrin|naproxen[o]?|aleve|acetaminophen|tylenol|paracetamol"
        + @"|warfarin[a]?|coumadin|heparin[a]?|eliquis|xarelto|isotretino[ií]n[a]?|(?:ro)?accutane|tretino[ií]n[a]?"
        + @"|(?:val)?a[cy]{1,2}clovir|valtrex|(?:hydro)?cortisone|hidrocortisona|prednison[ea]|lido[ck]a[ií]n[ea]|amoxicillin|doxycycline)\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex MedicineName();

    [GeneratedRegex(
        @"\b(?:(?:that|this|it)(?:'s|’s|\s+is)|is|are|seems?|looks?)\s+(?:(?:all|completely|perfectly|totally|quite|absolutely|very)\s+)?normal\b"
        + @"|\b(?:nothing|no\s+need|no\s+reason)\s+to\s+worry\b|\bdo(?:n't|n’t|\s+not)\s+worry\b|\bnothing\s+is\s+wrong\b"
        + @"|\b(?:es|est[aá]n?|son)\s+(?:(?:completamente|totalmente|muy|lo\s+m[aá]s)\s+)?normal(?:es)?\b"
        + @"|\bno\s+(?:te|se)\s+preocupes?\b|\bno\s+hay\s+(?:de\s+)?qu[eé]\s+preocuparse\b|\bno\s+es\s+nada\s+(?:grave|malo)\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Reassurance();
}

/// <summary>Words that a text must not have.</summary>
/// <param name="Words">As they stand in the text.</param>
/// <param name="Fault">What they do, to follow a subject: "reads like a diagnosis".</param>
/// <param name="Remedy">What to write instead, as a sentence.</param>
internal sealed record ForbiddenWording(string Words, string Fault, string Remedy);
