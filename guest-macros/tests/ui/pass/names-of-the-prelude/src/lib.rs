use plug_guest_sdk::prelude::*;

struct Doubler;

#[plugin(path = "wit")]
mod parts {
    use super::{Doubler, info};

    impl Doubling for Doubler {
        fn process(req: ProcessRequest) -> Result<ProcessResponse, Error> {
            if req.number == 0 {
                return Err(Error::Nothing);
            }
            info!("{} doubled", req.number);
            Ok(ProcessResponse { number: req.number * 2 })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_types_are_those_of_the_application() {
        assert_eq!(Doubler::process(ProcessRequest { number: 2 }), Ok(ProcessResponse { number: 4 }));
        assert_eq!(Doubler::process(ProcessRequest { number: 0 }), Err(Error::Nothing));
    }
}
