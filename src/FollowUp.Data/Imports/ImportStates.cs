namespace FollowUp.Data.Imports;

/// <summary>How far an import is; spelled in kebab case in JSON and in the store.</summary>
public enum ImportState
{
    Running,

    /// <summary>Every line has been booked or refused.</summary>
    Completed,
}

/// <summary>What became of a line of an import.</summary>
public enum ImportLineState
{
    Waiting,
    Created,
    Changed,

    /// <summary>All of it was known already.</summary>
    Unchanged,
    Failed,
}

/// <summary>Why a line that was well-formed was not booked all the same.</summary>
public enum ImportRefusal
{
    UnknownPlan,
    OtherPatient,
    OtherPlan,

    /// <summary>The session has ended, and the line does not open it again.</summary>
    Ended,

    /// <summary>The patient was erased while the line waited: a file from before must not bring them back.</summary>
    PatientErased,

    /// <summary>It failed each time that it was tried, for no fault of the file.</summary>
    Trouble,
}
